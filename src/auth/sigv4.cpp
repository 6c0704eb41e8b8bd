#include "auth/sigv4.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <vector>

#include "base/percent.h"
#include "base/text_case.h"

namespace ccr::auth {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t kDigest = 32;

std::string sha256(std::string_view text) {
    std::string out(kDigest, '\0');
    EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr,
               EVP_sha256(), nullptr);
    return out;
}

std::string hmac(std::string_view key, std::string_view text) {
    std::string out(kDigest, '\0');
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(out.data()), nullptr);
    return out;
}

std::string hex(std::string_view bytes) {
    std::string out;
    for (const char byte : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return out;
}

// Dot segments and empty segments go, a closing slash stays (RFC 3986, 5.2.4, as AWS narrows it).
std::string normalized(std::string_view path) {
    std::vector<std::string_view> kept;
    std::string_view last;
    for (std::string_view rest = path; !rest.empty();) {
        const std::size_t slash = rest.find('/');
        last = rest.substr(0, slash);
        rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
        if (last == ".." && !kept.empty()) kept.pop_back();
        if (!last.empty() && last != "." && last != "..") kept.push_back(last);
    }
    std::string out = fmt::format("/{}", fmt::join(kept, "/"));
    const bool closing = path.ends_with('/') || last == "." || last == "..";
    if (closing && !kept.empty()) out += '/';
    return out;
}

struct UrlParts {
    std::string_view host, path, query;
};

UrlParts parts_of(std::string_view url) {
    UrlParts out;
    const std::string_view usual_port = url.starts_with("https:") ? ":443" : ":80";
    const std::size_t scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find('#'));
    const std::size_t question = url.find('?');
    if (question != std::string_view::npos) out.query = url.substr(question + 1);
    url = url.substr(0, question);
    const std::size_t slash = url.find('/');
    out.host = url.substr(0, slash);
    if (out.host.ends_with(usual_port)) out.host.remove_suffix(usual_port.size());  // never sent
    out.path = slash == std::string_view::npos ? std::string_view("/") : url.substr(slash);
    return out;
}

std::string canonical_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> items;
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view item = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
        const std::size_t equals = item.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1);
        items.emplace_back(percent_encode(percent_decode(item.substr(0, equals))),
                           percent_encode(percent_decode(value)));
    }
    std::ranges::sort(items);
    std::string out;
    for (const auto& [name, value] : items)
        out += fmt::format("{}{}={}", out.empty() ? "" : "&", name, value);
    return out;
}

// Blanks around a value go, a row of them inside becomes one.
std::string folded_value(std::string_view value) {
    std::string out;
    for (const char c : value) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

std::map<std::string, std::string> canonical_headers(const net::Headers& headers) {
    std::map<std::string, std::string> out;
    for (const auto& [name, value] : headers) {
        const auto [at, fresh] = out.try_emplace(lower_case(name), folded_value(value));
        if (!fresh) at->second += "," + folded_value(value);
    }
    return out;
}

std::string signed_names(const net::Headers& headers) {
    std::string out;
    for (const auto& [name, value] : canonical_headers(headers))
        out += (out.empty() ? "" : ";") + name;
    return out;
}

}  // namespace

std::string canonical_request(const AwsRequest& request) {
    const UrlParts url = parts_of(request.url);
    std::string out =
        fmt::format("{}\n{}\n{}\n", request.method, percent_encode(normalized(url.path), "/"),
                    canonical_query(url.query));
    for (const auto& [name, value] : canonical_headers(request.headers))
        out += fmt::format("{}:{}\n", name, value);
    out += fmt::format("\n{}\n{}", signed_names(request.headers), hex(sha256(request.body)));
    return out;
}

std::string authorization_v4(const AwsRequest& request, const AwsCredentials& credentials,
                             const AwsScope& scope) {
    const std::string time = amz_date(scope.time);
    const std::string date = time.substr(0, 8);
    const std::string where =
        fmt::format("{}/{}/{}/aws4_request", date, scope.region, scope.service);
    const std::string to_sign = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time, where,
                                            hex(sha256(canonical_request(request))));
    std::string key = hmac("AWS4" + credentials.secret_access_key, date);
    for (const std::string_view step :
         {scope.region, scope.service, std::string_view("aws4_request")})
        key = hmac(key, step);
    return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                       credentials.access_key_id, where, signed_names(request.headers),
                       hex(hmac(key, to_sign)));
}

std::string amz_date(std::chrono::system_clock::time_point time) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    std::array<char, 20> out{};
    const std::size_t size = std::strftime(out.data(), out.size(), "%Y%m%dT%H%M%SZ", &utc);
    return {out.data(), size};
}

void sign_v4(std::string_view url, std::string_view body, const AwsCredentials& credentials,
             const AwsScope& scope, net::Headers& headers) {
    headers.set("x-amz-date", amz_date(scope.time));
    headers.remove("x-amz-security-token");
    if (!credentials.session_token.empty())
        headers.add("x-amz-security-token", credentials.session_token);
    AwsRequest request{"POST", url, {}, body};
    request.headers.add("host", std::string(parts_of(url).host));
    for (const auto& [name, value] : headers) {
        const std::string lower = lower_case(name);
        if (lower == "content-type" || lower.starts_with("x-amz-"))
            request.headers.add(name, value);
    }
    headers.set("authorization", authorization_v4(request, credentials, scope));
}

}  // namespace ccr::auth
