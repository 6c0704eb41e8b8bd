#include "net/request_head.h"

#include <fmt/core.h>

#include <boost/beast/http/basic_parser.hpp>
#include <charconv>
#include <cstring>

#include "net/request_lines.h"

namespace ccr::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using ErrorCode = boost::beast::error_code;

std::string_view plain(string_view text) {
    return {text.data(), text.size()};
}

/// Collects Beast's callbacks into a RequestHead and counts the fields that decide the framing.
class Collector final : public http::basic_parser<true> {
  public:
    RequestHead head;
    bool http11 = false;
    std::size_t hosts = 0;
    std::size_t lengths = 0;
    std::size_t encodings = 0;
    std::string_view length;
    std::string_view encoding;
    std::string_view expect;

  private:
    void on_request_impl(http::verb, string_view method, string_view target, int version,
                         ErrorCode&) override {
        head.method = plain(method);
        head.target = plain(target);
        http11 = version == 11;
    }
    void on_response_impl(int, string_view, int, ErrorCode&) override {}
    void on_field_impl(http::field name, string_view name_text, string_view value,
                       ErrorCode&) override {
        const std::string_view text = plain(value);
        switch (name) {
            case http::field::host:
                ++hosts;
                break;
            case http::field::content_length:
                ++lengths, length = text;
                break;
            case http::field::transfer_encoding:
                ++encodings, encoding = text;
                break;
            case http::field::expect:
                expect = text;
                break;
            default:
                break;
        }
        head.headers.add(std::string(plain(name_text)), std::string(text));
    }
    void on_header_impl(ErrorCode&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
    std::size_t on_body_impl(string_view body, ErrorCode&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, string_view, ErrorCode&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, ErrorCode&) override {
        return body.size();
    }
    void on_finish_impl(ErrorCode&) override {}
};

std::unexpected<Error> refuse(std::string message) {
    return fail(ErrorKind::invalid_request, std::move(message));
}

/// RFC 9112 section 6.3, with every case of doubt refused instead of resolved.
Result<BodyFraming> framing_of(const Collector& seen) {
    BodyFraming framing;
    if (seen.encodings > 0) {
        if (seen.encodings > 1 || !iequals(seen.encoding, "chunked")) {
            return refuse(
                "Transfer-Encoding must be exactly \"chunked\", once; send the body unencoded.");
        }
        if (seen.lengths > 0) {
            return refuse(
                "Transfer-Encoding and Content-Length together are refused; send one of them.");
        }
        if (!seen.http11)
            return refuse("Transfer-Encoding needs HTTP/1.1; send a Content-Length instead.");
        framing.kind = BodyKind::chunked;
    } else if (seen.lengths > 0) {
        const char* end = seen.length.data() + seen.length.size();
        auto [rest, failed] = std::from_chars(seen.length.data(), end, framing.length);
        // The sign bit stays free, so that sums with a length cannot overflow.
        if (seen.lengths > 1 || failed != std::errc{} || rest != end || framing.length >> 62) {
            return refuse("Content-Length must be one decimal number, once; correct or remove it.");
        }
        framing.kind = framing.length > 0 ? BodyKind::length : BodyKind::none;
    }
    // RFC 9110 section 10.1.1: the expectation of an HTTP/1.0 client is ignored.
    framing.expects_continue =
        framing.kind != BodyKind::none && seen.http11 && iequals(seen.expect, "100-continue");
    return framing;
}

Result<void> check_host(const Collector& seen) {
    if (seen.hosts > 1)
        return refuse("The request has more than one Host header; send exactly one.");
    if (seen.hosts == 0 && seen.http11) {
        return refuse("The request has no Host header, which HTTP/1.1 requires; send one.");
    }
    if (seen.hosts == 1 &&
        seen.head.headers.get("host")->find_first_of(" \t,/@\\") != std::string_view::npos) {
        return refuse("The Host header is not a host and port; correct it.");
    }
    return {};
}

/// Splits the target into path and query (RFC 9112 section 3.2).
Result<void> split_target(RequestHead& head) {
    std::string_view rest = head.target;
    if (const auto scheme = rest.find("://");
        rest.front() != '/' && scheme != std::string_view::npos) {
        rest.remove_prefix(scheme + 3);
        const auto authority = rest.substr(0, rest.find_first_of("/?"));
        rest.remove_prefix(authority.size());
        if (!iequals(authority, head.headers.get("host").value_or(authority))) {
            return refuse(
                "The request target and the Host header name different hosts; make them equal.");
        }
    } else if (rest.front() != '/' && rest != "*" && head.method != "CONNECT") {
        return refuse(
            "The request target must be a path that begins with '/'; correct the request line.");
    }
    const auto mark = rest.find('?');
    head.path = rest.substr(0, mark);
    if (mark != std::string_view::npos) head.query = rest.substr(mark + 1);
    if (head.path.empty()) head.path = "/";
    return {};
}

}  // namespace

HeadScanner::State HeadScanner::scan(std::string_view bytes) {
    while (seen_ < bytes.size()) {
        const void* found = std::memchr(bytes.data() + seen_, '\n', bytes.size() - seen_);
        if (found == nullptr) break;
        const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
        if (at == line_ || bytes[at - 1] != '\r') return State::broken;
        const bool empty_line = at - 1 == line_;
        line_ = seen_ = at + 1;
        if (empty_line) return State::complete;
    }
    seen_ = bytes.size();
    return State::incomplete;
}

Result<ParsedHead> parse_head(std::string_view raw) {
    TRY_DO(check_lines(raw));
    Collector seen;
    seen.header_limit(static_cast<std::uint32_t>(raw.size() + 1));
    seen.body_limit(boost::none);
    ErrorCode error;
    seen.put(boost::asio::const_buffer(raw.data(), raw.size()), error);
    // The framing comes first: Beast refuses some of these too, but with less to say.
    TRY(BodyFraming framing, framing_of(seen));
    if (error && error != http::error::need_more) {
        return refuse(
            fmt::format("The request head cannot be read ({}); correct it.", error.message()));
    }
    if (!seen.is_header_done()) return refuse("The request head is not complete; correct it.");
    TRY_DO(check_host(seen));
    ParsedHead parsed;
    parsed.body = framing;
    parsed.http11 = seen.http11;
    parsed.keep_alive = seen.keep_alive();
    parsed.head = std::move(seen.head);
    TRY_DO(split_target(parsed.head));
    return parsed;
}

std::string_view target_of(std::string_view raw) {
    std::string_view line = raw.substr(0, raw.find_first_of("\r\n"));
    const auto first = line.find(' ');
    if (first == std::string_view::npos) return {};
    line.remove_prefix(first + 1);
    return line.substr(0, line.find(' '));
}

}  // namespace ccr::net
