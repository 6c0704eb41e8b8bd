#include "cli/fetch_tokenizer.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/sha256.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "cli/private_file.h"
#include "config/http_url.h"
#include "config/tokenizer_cache.h"
#include "gateway/media_guard.h"
#include "net/http_client.h"
#include "tokens/tokenizer_json.h"

namespace ccr::cli {
namespace {

constexpr std::chrono::minutes kTime{5};
constexpr std::size_t kMostBytes = 128u << 20;
constexpr int kMostRedirects = 5;

bool is_url(const std::string& what) {
    return what.starts_with("http://") || what.starts_with("https://");
}

// Variables and addresses:
// huggingface.co/docs/huggingface_hub/package_reference/environment_variables and
// .../guides/download ("/resolve/main/").
std::string url_of(const std::string& what, const config::Environment& environment) {
    if (is_url(what)) return what;
    std::string hub = environment("HF_ENDPOINT").value_or("");
    if (hub.empty()) hub = "https://huggingface.co";
    while (hub.ends_with('/')) hub.pop_back();
    return fmt::format("{}/{}/resolve/main/tokenizer.json", hub, what);
}

struct Wanted {
    std::string url, token, proxy;
};

net::Task<Result<std::string>> read(net::ClientResponse& response, net::Deadline deadline) {
    std::string out;
    for (;;) {
        CO_TRY(const std::string_view bytes, co_await response.next(deadline));
        if (bytes.empty()) co_return out;
        out += bytes;
        if (out.size() > kMostBytes)
            co_return fail(ErrorKind::upstream_protocol,
                           fmt::format("The file is longer than {} MB.", kMostBytes >> 20));
    }
}

// The hub's token is for the hub alone.
std::string token_for(const std::string& what, const config::Environment& environment) {
    return is_url(what) ? std::string() : environment("HF_TOKEN").value_or("");
}

bool is_one_origin(const std::string& one, const std::string& other) {
    const auto a = config::parse_url(one), b = config::parse_url(other);
    return a && b && a->scheme == b->scheme && a->host == b->host && a->port == b->port;
}

// The hub leads to a store of another host, which must not see the token.
net::Task<Result<std::string>> get(net::HttpClient& client, Wanted wanted) {
    const net::Deadline deadline = net::Clock::now() + kTime;
    for (int hop = 0; hop <= kMostRedirects; ++hop) {
        net::ClientRequest request;
        request.method = "GET";
        request.url = wanted.url;
        request.proxy = wanted.proxy;
        request.headers.add("user-agent", "ccr/" CCR_VERSION);
        if (!wanted.token.empty()) request.headers.add("authorization", "Bearer " + wanted.token);
        const auto response = client.start(request);
        CO_TRY(const int status, co_await response->status(deadline));
        const std::string location(response->headers().get("location").value_or(""));
        if (status == 200) co_return co_await read(*response, deadline);
        if (status < 300 || status >= 400 || location.empty())
            co_return fail(ErrorKind::upstream_protocol,
                           fmt::format("{} answered {}{}.", wanted.url, status,
                                       status == 401 || status == 403
                                           ? "; HF_TOKEN gives access to files that need it"
                                           : ""));
        CO_TRY(std::string next, gateway::redirect_target(wanted.url, location));
        if (!is_one_origin(wanted.url, next)) wanted.token.clear();
        wanted.url = std::move(next);
    }
    co_return fail(
        ErrorKind::upstream_protocol,
        fmt::format("More than {} redirects, the last to {}.", kMostRedirects, wanted.url));
}

net::Task<void> get_into(net::HttpClient& client, Wanted wanted, Result<std::string>& out) {
    out = co_await get(client, std::move(wanted));
}

Result<std::string> download(Wanted wanted) {
    net::asio::io_context context(1);
    net::HttpClient client(context);
    Result<std::string> out;
    // Idle connections are watched, which alone would keep the context running.
    net::asio::co_spawn(context, get_into(client, std::move(wanted), out),
                        [&context](const std::exception_ptr&) { context.stop(); });
    context.run();
    return out;
}

Result<std::string> keep(Wanted wanted, const std::string& path) {
    const std::string url = wanted.url;
    TRY(std::string content, download(std::move(wanted)));
    const auto parsed = tokens::parse_tokenizer_json(content, url);
    if (!parsed)
        return fail(parsed.error().kind,
                    fmt::format("{} is not kept. {}", url, parsed.error().message));
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
    TRY_DO(write_private_file(path, content));
    return content;
}

}  // namespace

int fetch_tokenizer(const std::string& what, const Options& options,
                    const config::Environment& environment) {
    const std::string path = config::cached_tokenizer(what, environment);
    if (std::ifstream kept(path); kept) {
        std::stringstream content;
        content << kept.rdbuf();
        fmt::print("{}\nsha256 {} (kept; remove the file to have it anew)\n", path,
                   sha256_hex(content.str()));
        return kDone;
    }
    const auto config =
        config::load_config(config::config_path(options.config_file, environment), environment);
    const auto content = keep({url_of(what, environment), token_for(what, environment),
                               config ? config->proxy : std::string()},
                              path);
    if (!content) return report(content.error());
    fmt::print("{}\nsha256 {} ({} bytes)\n", path, sha256_hex(*content), content->size());
    return kDone;
}

}  // namespace ccr::cli
