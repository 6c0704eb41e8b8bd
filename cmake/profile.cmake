# A build guided by a profile, in one build directory and in this order (tools/build-profiled does it):
#   CCR_PROFILE=generate   a program that counts; on a graceful end it writes a .gcda beside each object
#   CCR_PROFILE=use        the final program: what was counted often is made fast, the rest small
#   CCR_PROFILE=""         neither
set(CCR_PROFILE "" CACHE STRING "A build guided by a profile: generate, use, or nothing")
if(CCR_PROFILE STREQUAL "")
  return()
endif()
if(NOT CCR_PROFILE MATCHES "^(generate|use)$")
  message(FATAL_ERROR "CCR_PROFILE=${CCR_PROFILE} is unknown: say generate or use, or leave it empty")
endif()
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  message(FATAL_ERROR "CCR_PROFILE needs g++, ${CMAKE_CXX_COMPILER} is ${CMAKE_CXX_COMPILER_ID}: name it with -DCMAKE_CXX_COMPILER=g++")
endif()

# A counting object holds the path where its counts go, and no two profiles are alike: another build's objects serve neither.
set(CMAKE_CXX_COMPILER_LAUNCHER "")
if(CCR_PROFILE STREQUAL "generate")
  # Several threads count; where the processor can, they do not lose each other's counts.
  add_compile_options(-fprofile-generate -fprofile-update=prefer-atomic)
  add_link_options(-fprofile-generate)
else()
  # Counts that do not quite add up are mended. A source that no training reached goes without; one that has changed since
  # is warned of.
  add_compile_options(-fprofile-use -fprofile-correction -Wno-missing-profile -Wno-error=coverage-mismatch)
  # The rooms are compiled as one: with counts to go by, a tenth less work for a request.
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
  if(MOLD)
    # What runs often and what does not stay apart, as with GNU ld: fewer pages are read.
    add_link_options(-Wl,-z,keep-text-section-prefix)
  endif()
endif()
