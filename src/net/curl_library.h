// libcurl's functions, from a library that is loaded when it is first needed: some twenty more come
// with it, which short commands and a service of local models do without. Its types and constants
// are those of <curl/curl.h>.
//
// Any thread. Once loaded it stays until the process ends.
#pragma once

#include <curl/curl.h>

#include "base/error.h"

#define CCR_CURL_FUNCTIONS(X) \
    X(easy_cleanup)           \
    X(easy_getinfo)           \
    X(easy_init)              \
    X(easy_pause)             \
    X(easy_perform)           \
    X(easy_reset)             \
    X(easy_setopt)            \
    X(easy_strerror)          \
    X(global_init)            \
    X(multi_add_handle)       \
    X(multi_assign)           \
    X(multi_cleanup)          \
    X(multi_info_read)        \
    X(multi_init)             \
    X(multi_remove_handle)    \
    X(multi_setopt)           \
    X(multi_socket_action)    \
    X(share_cleanup)          \
    X(share_init)             \
    X(share_setopt)           \
    X(slist_append)           \
    X(slist_free_all)         \
    X(version_info)

namespace ccr::net {

struct CurlFunctions {
#define CCR_CURL_MEMBER(name) decltype(&curl_##name) name = nullptr;
    CCR_CURL_FUNCTIONS(CCR_CURL_MEMBER)
#undef CCR_CURL_MEMBER
};

/// Loads the library and initialises it, which takes some milliseconds, unless that is done.
/// Error: upstream_unreachable, with the loader's reason; the next call tries again.
Result<void> load_curl();

/// Only after load_curl() has succeeded.
const CurlFunctions& curl();

}  // namespace ccr::net
