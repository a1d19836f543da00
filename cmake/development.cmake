# What Sesame's own executables are built with, and no user of the library ever sees.
# SPDX-License-Identifier: BSL-1.0

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_EXTENSIONS OFF)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  find_program(SESAME_CCACHE ccache)
  mark_as_advanced(SESAME_CCACHE)
  if(SESAME_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The sloppiness lets ccache keep what was compiled with a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;${SESAME_CCACHE}")
  endif()
endif()

add_library(sesame_development INTERFACE)
target_link_libraries(sesame_development INTERFACE sesame::sesame)
target_compile_options(
  sesame_development
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wconversion
            -Wshadow
            $<$<BOOL:${SESAME_WERROR}>:-Werror>
            # GCC 12 sees overlapping copies in `"x" + text + "y"` at -O2, where there are none.
            $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
if(SESAME_SANITIZE)
  target_compile_options(
    sesame_development INTERFACE -fsanitize=${SESAME_SANITIZE} -fno-sanitize-recover=all
                                 -fno-omit-frame-pointer)
  target_link_options(sesame_development INTERFACE -fsanitize=${SESAME_SANITIZE})
endif()

# One executable per folder of `directory`, named like the folder, made of all its sources, and put
# into the build tree's folder of the same name as `directory`. The names go to `names`.
function(sesame_add_programs directory names)
  file(GLOB mains CONFIGURE_DEPENDS "${directory}/*/main.cpp")
  cmake_path(GET directory FILENAME group)
  set(found)
  foreach(main IN LISTS mains)
    cmake_path(GET main PARENT_PATH folder)
    cmake_path(GET folder FILENAME name)
    file(GLOB sources CONFIGURE_DEPENDS "${folder}/*.cpp")
    add_executable(${name} ${sources})
    target_link_libraries(${name} PRIVATE sesame_development)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/${group}")
    list(APPEND found ${name})
  endforeach()
  set(${names} ${found} PARENT_SCOPE)
endfunction()
