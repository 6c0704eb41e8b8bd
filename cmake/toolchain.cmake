# Compiler-wide settings: warnings, sanitizers, ccache, the linker.
option(CCR_CCACHE "Compile through ccache where it is installed" ON)
find_program(CCACHE ccache)
if(CCACHE AND CCR_CCACHE)
  # Paths count from the checkout, so that one checkout's objects serve the next.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
      CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports false positives of these inside inlined standard library code.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-dangling-pointer
                      -Wno-mismatched-new-delete)
endif()

if(CCR_SANITIZE)
  add_compile_options(-fsanitize=${CCR_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CCR_SANITIZE} -fno-sanitize-recover=all)
  if(CCR_SANITIZE MATCHES "thread")
    # This check asks through a pipe whether an address may be read, and TSan takes the pipes for a race. `asan` has it.
    add_compile_options(-fno-sanitize=vptr)
  endif()
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
