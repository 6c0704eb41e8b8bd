#include "net/curl_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <mutex>
#include <string>

namespace ccr::net {

namespace {

CurlFunctions loaded;

Error unusable(const std::string& why) {
    return make_error(
        ErrorKind::upstream_unreachable,
        fmt::format("The library {} cannot be used: {}. Requests over https, by a host's name or "
                    "through a proxy need it; install it (on Debian and Ubuntu: apt install "
                    "libcurl4).",
                    CCR_CURL_LIBRARY, why));
}

std::string loader_reason() {
    const char* const text = ::dlerror();
    return text != nullptr ? text : "the loader gives no reason";
}

template <typename Function>
bool find(void* library, const char* name, Function& out) {
    out = reinterpret_cast<Function>(::dlsym(library, name));
    return out != nullptr;
}

Result<CurlFunctions> functions_of(void* library) {
    CurlFunctions out;
#define CCR_CURL_FIND(name) \
    if (!find(library, "curl_" #name, out.name)) return std::unexpected(unusable(loader_reason()));
    CCR_CURL_FUNCTIONS(CCR_CURL_FIND)
#undef CCR_CURL_FIND
    return out;
}

}  // namespace

Result<void> load_curl() {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    if (loaded.easy_init != nullptr) return {};
    void* const library = ::dlopen(CCR_CURL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return std::unexpected(unusable(loader_reason()));
    TRY(const CurlFunctions functions, functions_of(library));
    const CURLcode started = functions.global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) return std::unexpected(unusable(functions.easy_strerror(started)));
    loaded = functions;
    return {};
}

const CurlFunctions& curl() {
    return loaded;
}

}  // namespace ccr::net
