#include "net/answer_head.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <ctime>
#include <iterator>

#include "net/request_lines.h"

namespace ccr::net {
namespace {

std::string_view reason_of(int status) {
    namespace http = boost::beast::http;
    if (status == 529) return "Overloaded";
    const http::status known = http::int_to_status(static_cast<unsigned>(status));
    if (known == http::status::unknown) return "";
    const auto reason = http::obsolete_reason(known);
    return {reason.data(), reason.size()};
}

/// IMF-fixdate (RFC 9110 section 5.6.7), written by hand because strftime follows the locale.
std::string format_date(std::time_t now) {
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    gmtime_r(&now, &utc);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                       kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900,
                       utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string_view date_now() {
    thread_local std::time_t second = -1;
    thread_local std::string text;
    if (const std::time_t now = std::time(nullptr); now != second) {
        second = now;
        text = format_date(now);
    }
    return text;
}

bool is_ours(std::string_view name) {
    return iequals(name, "content-length") || iequals(name, "transfer-encoding") ||
           iequals(name, "connection") || iequals(name, "keep-alive") || iequals(name, "date");
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ");
    std::transform(value.begin(), value.end(), std::back_inserter(out),
                   [](char c) { return is_control(c) ? ' ' : c; });
    out += "\r\n";
}

}  // namespace

void append_answer_head(std::string& out, int status, const Headers& headers,
                        const AnswerShape& shape) {
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", status, reason_of(status));
    for (const auto& [name, value] : headers) {
        if (is_token(name) && !is_ours(name)) append_field(out, name, value);
    }
    append_field(out, "date", date_now());
    if (shape.body == AnswerBody::length) {
        fmt::format_to(std::back_inserter(out), "content-length: {}\r\n", shape.length);
    } else if (shape.body == AnswerBody::chunked) {
        out += "transfer-encoding: chunked\r\n";
    }
    if (!shape.keep_alive) {
        out += "connection: close\r\n";
    } else if (!shape.http11) {
        out += "connection: keep-alive\r\n";
    }
    out += "\r\n";
}

}  // namespace ccr::net
