# One static library per folder ("room") of src/, in the order of their ranks (docs/architecture.md).
# Sources are found by name, so adding a file to a room needs no edit here.
function(ccr_room name)
  cmake_parse_arguments(ROOM "" "" "USES;LINKS;DIRS" ${ARGN})
  if(NOT ROOM_DIRS)
    set(ROOM_DIRS ${name})
  endif()
  set(sources)
  foreach(dir ${ROOM_DIRS})
    file(GLOB found CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${dir}/*.cpp)
    list(APPEND sources ${found})
  endforeach()
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_fixture\\.cpp$")
  if(APPLE)
    list(FILTER sources EXCLUDE REGEX "_linux\\.cpp$")
  else()
    list(FILTER sources EXCLUDE REGEX "_posix\\.cpp$")
  endif()
  if(NOT sources)
    add_library(ccr_${name} INTERFACE)
    target_link_libraries(ccr_${name} INTERFACE ccr_settings ${ROOM_LINKS})
  else()
    add_library(ccr_${name} STATIC ${sources})
    target_link_libraries(ccr_${name} PUBLIC ccr_settings ${ROOM_LINKS})
  endif()
  foreach(used ${ROOM_USES})
    if(sources)
      target_link_libraries(ccr_${name} PUBLIC ccr_${used})
    else()
      target_link_libraries(ccr_${name} INTERFACE ccr_${used})
    endif()
  endforeach()
endfunction()

set(CCR_WIRE_DIRS wire wire/anthropic wire/openai_chat wire/openai_responses wire/gemini)

ccr_room(base LINKS spdlog::spdlog OpenSSL::Crypto)
ccr_room(json USES base LINKS simdjson::simdjson)
ccr_room(net USES base LINKS OpenSSL::SSL ZLIB::ZLIB ${CMAKE_DL_LIBS})
target_include_directories(ccr_net SYSTEM PUBLIC ${CURL_INCLUDE_DIRS})
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/net/curl_library.cpp PROPERTIES
  COMPILE_DEFINITIONS "CCR_CURL_LIBRARY=\"${CCR_CURL_LIBRARY}\"")
ccr_room(chat USES base json)
# The presets are data of config; they stand with what makes use of them.
ccr_room(config USES base json net LINKS nlohmann_json::nlohmann_json DIRS config adapt/presets)
ccr_room(event USES base)
ccr_room(wire USES base json net chat DIRS ${CCR_WIRE_DIRS})
ccr_room(route USES base json net config chat)
ccr_room(adapt USES base json chat config)
ccr_room(manifest USES base json config LINKS nlohmann_json::nlohmann_json)
ccr_room(statusline USES base json config LINKS nlohmann_json::nlohmann_json)
ccr_room(cloud USES base json net chat config)
ccr_room(auth USES base json net config LINKS OpenSSL::Crypto)
ccr_room(tokens USES base json chat config)
# The tables are part of one object file: it is built again when they change.
file(GLOB token_data CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/tokens/data/*.bin)
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/tokens/embedded.cpp PROPERTIES
  OBJECT_DEPENDS "${token_data}"
  COMPILE_DEFINITIONS "CCR_TOKEN_DATA=\"${CMAKE_SOURCE_DIR}/src/tokens/data\"")
ccr_room(report USES base net config event LINKS nlohmann_json::nlohmann_json)
ccr_room(store USES base json chat config LINKS SQLite::SQLite3)
# The host's script is part of one object file.
file(GLOB host_script CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/plugin/host/*.js)
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/plugin/embedded.cpp PROPERTIES
  OBJECT_DEPENDS "${host_script}"
  COMPILE_DEFINITIONS "CCR_HOST_SCRIPT=\"${CMAKE_SOURCE_DIR}/src/plugin/host\"")
ccr_room(plugin USES base json net config chat wire adapt)
ccr_room(gateway USES base json net chat config event wire route adapt auth cloud tokens store manifest plugin)
ccr_room(demo USES base json net chat wire)
ccr_room(doctor USES base json net chat config wire adapt store gateway)
ccr_room(cli USES gateway demo doctor report statusline manifest LINKS CLI11::CLI11 nlohmann_json::nlohmann_json
         ${CURSES_NCURSES_LIBRARY})

# The unit is part of one object file.
set(unit_file ${CMAKE_SOURCE_DIR}/packaging/systemd/ccr.service)
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/cli/embedded_unit.cpp PROPERTIES
  OBJECT_DEPENDS "${unit_file}" COMPILE_DEFINITIONS "CCR_UNIT_FILE=\"${unit_file}\"")

add_executable(ccr ${CMAKE_SOURCE_DIR}/src/main.cpp)
target_link_libraries(ccr PRIVATE ccr_cli)
