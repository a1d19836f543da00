# cmake -DMESSAGE=<text> -P check_compile.cmake -- <compiler> <arguments>...
# Checks that the compiler takes what it is given; with a message, that it refuses it and says that.
# SPDX-License-Identifier: BSL-1.0

set(command)
set(reading FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(index RANGE ${last})
  if(reading)
    list(APPEND command "${CMAKE_ARGV${index}}")
  elseif(CMAKE_ARGV${index} STREQUAL "--")
    set(reading TRUE)
  endif()
endforeach()

execute_process(
  COMMAND ${command} -fsyntax-only
  RESULT_VARIABLE failed
  OUTPUT_VARIABLE output
  ERROR_VARIABLE output)

# As it is: the text of an error would be wrapped and indented.
message("${output}")
if(MESSAGE STREQUAL "")
  if(failed)
    message(FATAL_ERROR "does not compile")
  endif()
  return()
endif()

if(NOT failed)
  message(FATAL_ERROR "compiles, and should have failed with: ${MESSAGE}")
endif()
string(FIND "${output}" "${MESSAGE}" position)
if(position EQUAL -1)
  message(FATAL_ERROR "fails, but does not say: ${MESSAGE}")
endif()
