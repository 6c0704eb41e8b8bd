# Third-party libraries, all from the distribution.
find_package(Threads REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(simdjson REQUIRED)
find_package(SQLite3 REQUIRED)
set(CURSES_NEED_WIDE TRUE)
find_package(Curses REQUIRED)

add_library(ccr_settings INTERFACE)
target_include_directories(ccr_settings INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(ccr_settings INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE CCR_VERSION="${PROJECT_VERSION}")
target_link_libraries(ccr_settings INTERFACE Threads::Threads fmt::fmt)
