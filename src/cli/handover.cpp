#include "cli/handover.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "cli/control_client.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::json;

std::unexpected<Error> not_understood() {
    return fail(ErrorKind::upstream_protocol,
                "The running service passed on something else than its sockets. `ccr stop` and "
                "`ccr start` replace it.");
}

// Who gets which of the descriptors, in the order of handover_answer().
Result<Inheritance> sort_out(const Json& json, std::vector<net::Descriptor> passed) {
    const Json& listeners = json.at("listeners");
    const bool is_main = json.at("main").get<bool>();
    if (passed.size() != listeners.size() + (is_main ? 3 : 2) || listeners.empty())
        return not_understood();
    auto next = std::make_move_iterator(passed.begin());
    Inheritance out{json.at("instance").get<std::string>(),
                    Claim{InstanceLock::adopt(*next++), std::nullopt, {}},
                    {},
                    {}};
    if (is_main) out.claim.main = InstanceLock::adopt(*next++);
    out.control.descriptor = *next++;
    out.control.unix_path = json.at("control").get<std::string>();
    for (const Json& listener : listeners) {
        net::ListeningSocket socket;
        socket.descriptor = *next++;
        socket.port = listener.value("port", std::uint16_t{0});
        socket.unix_path = listener.value("unix", "");
        socket.tls = listener.value("tls", false);
        out.listeners.push_back(std::move(socket));
    }
    return out;
}

}  // namespace

net::Answer handover_answer(const Estate& estate) {
    Json json{{"instance", estate.instance},
              {"main", estate.locks.size() > 1},
              {"control", estate.control->unix_path},
              {"listeners", Json::array()}};
    net::Answer answer;
    answer.descriptors = estate.locks;
    answer.descriptors.push_back(estate.control->descriptor.get());
    for (const net::ListeningSocket& listener : *estate.listeners) {
        json["listeners"].push_back(
            {{"port", listener.port}, {"unix", listener.unix_path}, {"tls", listener.tls}});
        answer.descriptors.push_back(listener.descriptor.get());
    }
    answer.headers.add("content-type", "application/json");
    answer.body = json.dump();
    return answer;
}

Result<Inheritance> ask_for_handover(const std::string& socket) {
    TRY(ControlAnswer answer, ask_service(socket, "POST", "/handover"));
    if (answer.status != 200) {
        return fail(ErrorKind::config,
                    fmt::format("The running service does not pass on its place (status {}): {}",
                                answer.status, answer.body));
    }
    // The library reports what is missing or of another type by an exception.
    try {
        return sort_out(Json::parse(answer.body), std::move(answer.descriptors));
    } catch (const Json::exception&) {
        return not_understood();
    }
}

Result<void> confirm_handover(const std::string& socket, const std::string& predecessor) {
    const auto answer = ask_service(socket, "POST", "/handed-over/" + predecessor);
    // One that has died meanwhile leaves the place to us as well.
    if (!answer || answer->status == 200) return {};
    return fail(ErrorKind::config,
                "The running service was replaced by another process meanwhile; this one ends.");
}

}  // namespace ccr::cli
