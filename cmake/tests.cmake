# One test binary per room, from the *_test.cpp files beside the sources.
find_package(GTest REQUIRED)
include(GoogleTest)
function(ccr_room_tests name)
  cmake_parse_arguments(ROOM "" "" "DIRS;LINKS" ${ARGN})
  if(NOT ROOM_DIRS)
    set(ROOM_DIRS ${name})
  endif()
  set(sources)
  foreach(dir ${ROOM_DIRS})
    file(GLOB found CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${dir}/*_test.cpp
         ${CMAKE_SOURCE_DIR}/src/${dir}/*_fixture.cpp)
    list(APPEND sources ${found})
  endforeach()
  if(sources)
    add_executable(${name}_test ${sources})
    target_link_libraries(${name}_test PRIVATE ccr_${name} ${ROOM_LINKS} GTest::gtest GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name}_test PRIVATE
      CCR_SOURCE_DIR="${CMAKE_SOURCE_DIR}" CCR_BINARY="$<TARGET_FILE:ccr>")
    add_dependencies(${name}_test ccr)  # some tests run the binary
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60)
  endif()
endfunction()

foreach(room base net chat config event route auth cloud statusline report tokens store gateway demo doctor cli)
  ccr_room_tests(${room})
endforeach()
# Parsers and codecs are measured against a parser that is not ours.
ccr_room_tests(json LINKS nlohmann_json::nlohmann_json)
# Adapters are looked at through the codecs.
ccr_room_tests(adapt DIRS adapt adapt/presets LINKS ccr_wire nlohmann_json::nlohmann_json)
ccr_room_tests(wire DIRS ${CCR_WIRE_DIRS} LINKS nlohmann_json::nlohmann_json)

ccr_room_tests(manifest)
target_sources(manifest_test PRIVATE ${CMAKE_SOURCE_DIR}/src/config/temporary_directory_fixture.cpp)

target_link_libraries(report_test PRIVATE nlohmann_json::nlohmann_json)
target_sources(report_test PRIVATE ${CMAKE_SOURCE_DIR}/src/config/temporary_directory_fixture.cpp
               ${CMAKE_SOURCE_DIR}/src/net/scripted_upstream_fixture.cpp)

# The lens is held to its laws over the requests and streams that codecs are tested with.
ccr_room_tests(plugin LINKS nlohmann_json::nlohmann_json)
file(GLOB wire_fixtures CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/wire/*_fixture.cpp)
target_sources(plugin_test PRIVATE ${wire_fixtures})

# What tests/tokens/differential.sh compares with tokenizers that are not ours.
add_executable(token_ids ${CMAKE_SOURCE_DIR}/tests/tokens/token_ids.cpp)
target_link_libraries(token_ids PRIVATE ccr_tokens)
