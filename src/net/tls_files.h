// Reads the files of a TlsIdentity into a context for servers. Blocking; any thread.
#pragma once

#include <expected>

#include "net/tls_identity.h"

namespace ccr::net {

/// TLS 1.2 or newer, HTTP/1.1 by ALPN, no renegotiation.
std::expected<TlsContext, TlsFault> read_tls_files(const TlsFiles& files);

}  // namespace ccr::net
