# One libFuzzer binary per fuzz/*_fuzz.cpp: build/fuzz/fuzz/<name>. Clang only.
if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "CCR_FUZZ needs clang: use the preset `fuzz`")
endif()
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/fuzz/*_fuzz.cpp)
foreach(source ${fuzz_sources})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  # The rooms that read foreign bytes, and no more: a fuzz build is instrumented twice and so is slow.
  target_link_libraries(${name} PRIVATE ccr_wire ccr_config ccr_cloud ccr_tokens ccr_route ccr_manifest)
  # fuzzer-no-link instruments everything; only these carry libFuzzer's main.
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
endforeach()
