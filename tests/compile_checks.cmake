# Tests that only ask the compiler. They run it themselves, and not through the build tool, so that
# many can run at once: `ctest -j -L 'headers|compile_fail'`.
# SPDX-License-Identifier: BSL-1.0

# The flags of sesame::sesame with the warnings, one a line, for the compiler to read: what is
# declared is asked for, and nothing is compiled that is the same in every program. What the
# compiler knows of itself is left out: a second -I/usr/include changes the order of its folders.
set(check_flags "${CMAKE_CURRENT_BINARY_DIR}/check_flags.txt")
list(JOIN CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES "|" implicit)
string(REGEX REPLACE "([.+])" "\\\\\\1" implicit "${implicit}")
set(development $<TARGET_PROPERTY:check_flags,COMPILE_OPTIONS>)
set(definitions $<TARGET_PROPERTY:check_flags,COMPILE_DEFINITIONS>)
set(directories
    "$<FILTER:$<REMOVE_DUPLICATES:$<TARGET_PROPERTY:check_flags,INCLUDE_DIRECTORIES>>,EXCLUDE,^(${implicit})$>")
add_library(check_flags OBJECT EXCLUDE_FROM_ALL main.cpp)
target_link_libraries(check_flags PRIVATE sesame_development)
target_compile_definitions(check_flags PRIVATE SESAME_SEPARATE_COMPILATION)
file(
  GENERATE
  OUTPUT "${check_flags}"
  CONTENT "-std=c++20\n$<JOIN:${development},\n>\n-D$<JOIN:${definitions},\n-D>\n-I$<JOIN:${directories},\n-I>\n"
  TARGET check_flags)

# What the compile_fail tests include of other libraries, compiled once, before the first of them runs.
# Both compilers find precompiled.hpp.gch when they are told to include precompiled.hpp.
set(check_precompiled "${CMAKE_CURRENT_BINARY_DIR}/check_precompiled/precompiled.hpp")
configure_file(pch/precompiled.hpp "${check_precompiled}" COPYONLY)
add_test(NAME compile_fail COMMAND "${CMAKE_CXX_COMPILER}" "@${check_flags}" -x c++-header
                                   "${check_precompiled}" -o "${check_precompiled}.gch")
set_tests_properties(compile_fail PROPERTIES LABELS compile_fail FIXTURES_SETUP check_precompiled)

# Adds the test `name`, passed when the compiler takes the source; where there are more arguments,
# they are a message: the compiler must refuse the source, and say that.
function(sesame_add_compile_test name label source)
  add_test(NAME ${name} COMMAND "${CMAKE_COMMAND}" "-DMESSAGE=${ARGN}" -P
                                "${PROJECT_SOURCE_DIR}/tests/check_compile.cmake" --
                                "${CMAKE_CXX_COMPILER}" "@${check_flags}" ${source})
  set_tests_properties(${name} PROPERTIES LABELS ${label})
endfunction()

# Each header compiles when nothing stands before it.
function(sesame_add_header_tests)
  foreach(header IN LISTS sesame_headers)
    sesame_add_compile_test(headers.${header} headers "-include;${header};-x;c++;/dev/null")
  endforeach()
endfunction()

# A test per file of a folder: with SESAME_EXPECT_ERROR defined it fails with the message that its
# first line, `// error: <message>`, names. That each compiles as it stands is one test for all: their
# declarations are in namespaces of their own.
function(sesame_add_compile_fail_tests directory)
  file(GLOB sources CONFIGURE_DEPENDS "${directory}/*.cpp")
  set(together "${CMAKE_CURRENT_BINARY_DIR}/compile_ok.cpp")
  list(TRANSFORM sources REPLACE "(.+)" "#include \"\\1\"" OUTPUT_VARIABLE includes)
  list(JOIN includes "\n" includes)
  file(CONFIGURE OUTPUT "${together}" CONTENT "${includes}\n" @ONLY)
  sesame_add_compile_test(compile_ok compile_fail "${together}")
  foreach(source IN LISTS sources)
    cmake_path(GET source STEM name)
    file(STRINGS "${source}" first_line LIMIT_COUNT 1)
    if(NOT first_line MATCHES "^// error: (.+)$")
      message(FATAL_ERROR "${source}: the first line must be '// error: <message>'")
    endif()
    string(REPLACE "\\;" ";" message "${CMAKE_MATCH_1}")  # file(STRINGS) put the backslash there
    sesame_add_compile_test(
      compile_fail.${name} compile_fail "-DSESAME_EXPECT_ERROR;-include;${check_precompiled};${source}"
      "${message}")
    set_tests_properties(compile_fail.${name} PROPERTIES FIXTURES_REQUIRED check_precompiled)
  endforeach()
endfunction()
