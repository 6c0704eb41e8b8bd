# One benchmark binary per bench/*_bench.cpp, on Google Benchmark: build/<preset>/bench/<name>.
find_package(benchmark REQUIRED)
file(GLOB bench_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bench/*_bench.cpp)
foreach(source ${bench_sources})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE ccr_cli benchmark::benchmark benchmark::benchmark_main)
  target_compile_definitions(${name} PRIVATE CCR_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
endforeach()

# What bench/instructions.sh runs under callgrind; it asks valgrind's header to count single cases.
find_path(CCR_VALGRIND valgrind/callgrind.h)
if(CCR_VALGRIND)
  add_executable(instructions ${CMAKE_SOURCE_DIR}/bench/instructions.cpp)
  target_link_libraries(instructions PRIVATE ccr_doctor)
  target_compile_definitions(instructions PRIVATE CCR_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  set_target_properties(instructions PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
endif()
