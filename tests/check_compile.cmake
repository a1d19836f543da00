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

if(MESSAGE STREQUAL "")
  if(failed)
    message(FATAL_ERROR "does not compile:\n${output}")
  endif()
  if(output)
    message("${output}")
  endif()
  return()
endif()

if(NOT failed)
  message(FATAL_ERROR "compiles, and should have failed with: ${MESSAGE}")
endif()
string(FIND "${output}" "${MESSAGE}" position)
if(position EQUAL -1)
  message(FATAL_ERROR "fails, but does not say: ${MESSAGE}\n${output}")
endif()
