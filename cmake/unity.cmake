# CCR_UNITY compiles sources in groups, each as one file: a third of the work where everything is built anew. Included
# last, when the targets are known. Whoever edits wants the files apart, so `dev` has it OFF.
#   tests   the unit tests' sources
#   all     all sources
if(NOT CCR_UNITY)
  return()
endif()
# ctags says which names a file declares; without it, or without Python, the files stay apart.
find_program(CCR_CTAGS ctags)
find_package(Python3 QUIET COMPONENTS Interpreter)
if(NOT CCR_CTAGS OR NOT Python3_FOUND)
  message(STATUS "unity: ctags or python3 is missing, each source is compiled alone")
  return()
endif()

get_property(targets DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
if(CCR_UNITY STREQUAL "tests")
  list(FILTER targets INCLUDE REGEX "_test$")
else()
  list(FILTER targets INCLUDE REGEX "^ccr_|_test$")
endif()
set(listed "")
foreach(target ${targets})
  get_target_property(sources ${target} SOURCES)
  if(sources)
    foreach(source ${sources})
      string(APPEND listed "${target} ${source}\n")
    endforeach()
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    # In a group one file's names are seen from the next one's functions; `dev` looks for shadowing.
    # A group includes its files, so g++ takes them for headers.
    target_compile_options(${target} PRIVATE -Wno-shadow $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endforeach()
file(WRITE ${CMAKE_BINARY_DIR}/unity.list "${listed}")
execute_process(COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/cmake/unity_groups.py 1500
  INPUT_FILE ${CMAKE_BINARY_DIR}/unity.list OUTPUT_FILE ${CMAKE_BINARY_DIR}/unity_groups.cmake
  COMMAND_ERROR_IS_FATAL ANY)
include(${CMAKE_BINARY_DIR}/unity_groups.cmake)
