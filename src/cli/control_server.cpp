#include "cli/control_server.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/percent.h"
#include "gateway/query.h"
#include "gateway/told_home.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kLessons = "/lessons";
constexpr std::string_view kSessions = "/sessions";
constexpr std::string_view kCancel = "/cancel";
constexpr std::string_view kHandedOver = "/handed-over/";

net::Answer json_answer(int status, const std::string& body) {
    net::Answer answer;
    answer.status = status;
    answer.headers.add("content-type", "application/json");
    answer.body = body;
    return answer;
}

net::Answer error_answer(const Error& error) {
    const Json body{{"error", {{"message", error.message}}}};
    return json_answer(error.status, body.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// The socket's mode keeps others out already; this holds where a file system ignores modes.
bool is_own_user(const net::RequestHead& head) {
    return head.over_unix_socket && head.peer_uid == ::geteuid();
}

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// GET /lessons, DELETE /lessons and DELETE /lessons/N; each answers with what is left.
net::Answer answer_lessons(gateway::LessonBook& lessons, const net::RequestHead& head) {
    if (head.method == "DELETE" && head.path == kLessons) {
        lessons.clear();
    } else if (head.method == "DELETE") {
        const auto number = number_of(std::string_view(head.path).substr(kLessons.size() + 1));
        if (!number || !lessons.remove(*number))
            return error_answer(make_error(ErrorKind::not_found, "There is no such lesson."));
    } else if (head.method != "GET" || head.path != kLessons) {
        return error_answer(make_error(ErrorKind::method_not_allowed,
                                       "Lessons take GET /lessons and DELETE /lessons[/N]."));
    }
    return json_answer(200, gateway::to_json(lessons.list()));
}

// GET /home?key=K[&strict=1]: what is remembered of a conversation.
net::Answer answer_home(gateway::Homes& homes, const net::RequestHead& head) {
    const bool strict = gateway::query_value(head.query, "strict").has_value();
    route::Facts facts;
    homes.recall(gateway::query_value(head.query, "key").value_or(""),
                 strict ? config::Stickiness::strict : config::Stickiness::prefer, facts);
    return json_answer(200, gateway::told_home(facts));
}

// POST /sessions/ID/cancel: ends the requests of that session that are under way.
net::Answer answer_cancel(Service& service, std::string_view session) {
    const std::size_t stopped = service.stops().stop(session);
    // Of its first request the sessions hear a moment later.
    if (stopped == 0 && !service.sessions().of(session))
        return error_answer(
            make_error(ErrorKind::not_found, "No request of that session has come."));
    const Json body{{"cancelled", stopped}};
    return json_answer(200, body.dump() + "\n");
}

// GET /sessions and GET /sessions/ID.
net::Answer answer_sessions(gateway::Sessions& sessions, const net::RequestHead& head) {
    if (head.path == kSessions) return json_answer(200, gateway::to_json(sessions.all()));
    const auto session = sessions.of(std::string_view(head.path).substr(kSessions.size() + 1));
    if (!session)
        return error_answer(
            make_error(ErrorKind::not_found, "No request of that session has come."));
    return json_answer(200, gateway::to_json(*session));
}

net::Answer answer_to(Service& service, const net::RequestHead& head) {
    if (!is_own_user(head))
        return error_answer(make_error(ErrorKind::permission, "This socket serves its user only."));
    if (head.method == "GET" && head.path == "/status")
        return json_answer(200, to_json(service.status()));
    if (head.method == "POST" && head.path == "/stop")
        return json_answer(200, "{\"stopping\":true}\n");
    if (head.method == "POST" && head.path == "/reload") {
        const auto reloaded = service.reload();
        return reloaded ? json_answer(200, to_json(service.status()))
                        : error_answer(reloaded.error());
    }
    if (head.method == "POST" && head.path == "/handover") {
        auto handover = service.handover();
        return handover ? std::move(*handover) : error_answer(handover.error());
    }
    if (head.method == "POST" && head.path.starts_with(kHandedOver)) {
        const auto instance = std::string_view(head.path).substr(kHandedOver.size());
        return service.handed_over_by(instance)
                   ? json_answer(200, "{\"handed_over\":true}\n")
                   : error_answer(make_error(ErrorKind::not_found, "That service has ended."));
    }
    if (head.method == "POST" && head.path == "/windows") {
        service.read_windows();
        return json_answer(200, "{\"read\":true}\n");
    }
    if (head.path == kLessons || head.path.starts_with(std::string(kLessons) + "/"))
        return answer_lessons(service.lessons(), head);
    if (head.method == "POST" && head.path.starts_with(std::string(kSessions) + "/") &&
        head.path.ends_with(kCancel)) {
        std::string_view session = head.path;
        session.remove_prefix(kSessions.size() + 1);
        session.remove_suffix(std::min(session.size(), kCancel.size()));
        return answer_cancel(service, percent_decode(session));
    }
    if (head.method == "GET" &&
        (head.path == kSessions || head.path.starts_with(std::string(kSessions) + "/")))
        return answer_sessions(service.sessions(), head);
    if (head.method == "GET" && head.path == "/plugins") return json_answer(200, service.plugins());
    if (head.method == "GET" && head.path == "/home") return answer_home(service.homes(), head);
    return error_answer(make_error(
        ErrorKind::not_found,
        "The control socket takes GET /status, POST /stop, POST /reload, POST /handover, "
        "/lessons, GET /sessions, POST /sessions/ID/cancel, GET /plugins, "
        "GET /home and POST /windows."));
}

net::Task<void> serve(Service& service, net::Exchange& exchange) {
    const net::RequestHead& head = exchange.head();
    net::Answer answer = answer_to(service, head);
    const bool stops = answer.status == 200 && head.path == "/stop";
    co_await exchange.send(std::move(answer));
    if (stops) service.begin_stop("asked to over the control socket");
}

}  // namespace

net::Handler control_handler(Service& service) {
    return [&service](net::Exchange& exchange) { return serve(service, exchange); };
}

net::RefusalWriter control_refusal() {
    return [](const Error& error, std::string_view) { return error_answer(error); };
}

}  // namespace ccr::cli
