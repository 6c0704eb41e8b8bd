# What the Debian package puts in place, as does `cmake --install`; `make install` copies the program alone. The manual and the completions come from the program itself.
set(CCR_MADE ${CMAKE_BINARY_DIR}/package)
add_custom_command(
  OUTPUT ${CCR_MADE}/ccr.1.gz ${CCR_MADE}/changelog.gz ${CCR_MADE}/ccr.bash ${CCR_MADE}/_ccr ${CCR_MADE}/ccr.fish ${CCR_MADE}/ccr.service
  COMMAND ${CMAKE_SOURCE_DIR}/packaging/make-files $<TARGET_FILE:ccr> ${CCR_MADE}
  DEPENDS ccr ${CMAKE_SOURCE_DIR}/packaging/make-files ${CMAKE_SOURCE_DIR}/packaging/debian/changelog
  VERBATIM)
add_custom_target(package_files DEPENDS ${CCR_MADE}/ccr.1.gz)

install(TARGETS ccr RUNTIME DESTINATION bin)
install(FILES ${CCR_MADE}/ccr.1.gz DESTINATION share/man/man1)
install(FILES ${CCR_MADE}/ccr.bash DESTINATION share/bash-completion/completions RENAME ccr)
install(FILES ${CCR_MADE}/_ccr DESTINATION share/zsh/vendor-completions)
install(FILES ${CCR_MADE}/ccr.fish DESTINATION share/fish/vendor_completions.d)
install(FILES ${CCR_MADE}/ccr.service DESTINATION lib/systemd/user)
install(FILES ${CCR_MADE}/changelog.gz DESTINATION share/doc/ccr)
install(FILES packaging/debian/copyright DESTINATION share/doc/ccr)
install(FILES README.md docs/cli.md docs/routing.md docs/presets.md docs/failover.md docs/security.md DESTINATION share/doc/ccr)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ccr)
set(CPACK_PACKAGE_CONTACT "The ccr authors <ccr@example.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "router between coding agents and model providers")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Not linked, so that nobody sees it in the program.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libcurl4 (>= 7.87.0) | libcurl4t64")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nodejs (>= 20)")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Claude Code, Codex, Gemini CLI, opencode and others talk to ccr as to
their own provider. It sends each request to the provider and model that
its configuration names, in that provider's own protocol, and brings the
answer back: text, thought, tool calls and images, as they come.")
include(CPack)
