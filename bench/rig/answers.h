// The answers of the benchmark's upstream, as the path of a request names them:
//   /burst-EVENTS/...        EVENTS events in one write
//   /pace-RATE-EVENTS/...    RATE events a second; each carries the time at which it was sent, for `load`
//   /whole/...               one JSON document
// Anything else is a burst of 115 events. One thread.
#pragma once

#include <map>
#include <vector>

#include "rig/http_exchange.h"

namespace rig {

struct Plan {
    std::size_t wire = 0;
    bool is_whole = false;
    double rate = 0;  // events a second; 0: all at once
    std::size_t events = 115;
};

class Answers {
  public:
    /// Reads WIRE.head, WIRE.event, WIRE.tail and WIRE.json of each wire; `event` holds kMark and kWord.
    explicit Answers(const std::string& directory);

    static Plan plan_of(std::string_view path);

    /// What is written at once: a whole answer, or the head of a paced one.
    std::string_view opening(const Plan& plan);
    /// One event, with the time of now.
    std::string_view event(const Plan& plan);
    std::string_view closing(const Plan& plan) const { return wires_[plan.wire].tail; }

  private:
    struct Wire {
        std::string head, event, tail, whole;
        std::size_t mark = 0;  // where in `event` the time goes
        std::size_t word = 0;  // and the event's number in a burst
    };

    static std::string chunk(std::string_view bytes);

    std::vector<Wire> wires_;
    std::map<std::pair<std::size_t, std::size_t>, std::string> bursts_;
};

inline std::string Answers::chunk(std::string_view bytes) {
    char size[24];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return size + std::string(bytes) + "\r\n";
}

inline Answers::Answers(const std::string& directory) {
    for (const std::string name : {"messages", "chat", "responses", "gemini"}) {
        const auto part = [&](const char* which) {
            return read_file((directory + "/" + name + "." + which).c_str());
        };
        Wire wire;
        wire.head =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: "
            "chunked\r\n\r\n" +
            chunk(part("head"));
        wire.event = chunk(part("event"));
        wire.mark = wire.event.find(kMark) + 1;
        wire.word = wire.event.find(kWord) + kWord.size() - 4;
        if (wire.mark == 0 || wire.word >= wire.event.size())
            die(name + ".event has no place for the time and its number");
        wire.tail = chunk(part("tail")) + "0\r\n\r\n";
        const std::string whole = part("json");
        wire.whole = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: " +
                     std::to_string(whole.size()) + "\r\n\r\n" + whole;
        wires_.push_back(std::move(wire));
    }
}

inline Plan Answers::plan_of(std::string_view path) {
    Plan plan;
    const auto has = [&](std::string_view word) {
        return path.find(word) != std::string_view::npos;
    };
    plan.wire = has("/messages") ? 0 : has("/chat/") ? 1 : has("/responses") ? 2 : 3;
    plan.is_whole = has("/whole/");
    if (const auto at = path.find("/burst-"); at != std::string_view::npos)
        plan.events = number(path.substr(at + 7));
    if (const auto at = path.find("/pace-"); at != std::string_view::npos) {
        const std::string_view rest = path.substr(at + 6);
        plan.rate = static_cast<double>(number(rest));
        plan.events = number(rest.substr(std::min(rest.find('-') + 1, rest.size())));
    }
    return plan;
}

inline std::string_view Answers::opening(const Plan& plan) {
    const Wire& wire = wires_[plan.wire];
    if (plan.is_whole) return wire.whole;
    if (plan.rate > 0) return wire.head;
    std::string& burst = bursts_[{plan.wire, plan.events}];
    if (burst.empty()) {
        burst = wire.head;
        // No two events alike, as in life.
        for (std::size_t i = 0; i < plan.events; ++i) {
            char digits[24];
            std::snprintf(digits, sizeof digits, "%04zu", i % 10000);
            burst += wire.event;
            burst.replace(burst.size() - wire.event.size() + wire.word, 4, digits, 4);
        }
        burst += wire.tail;
    }
    return burst;
}

inline std::string_view Answers::event(const Plan& plan) {
    static std::string out;
    const Wire& wire = wires_[plan.wire];
    out = wire.event;
    char digits[kMarkDigits + 1];
    std::snprintf(digits, sizeof digits, "%016lld", static_cast<long long>(now_ns()));
    out.replace(wire.mark, kMarkDigits, digits);
    return out;
}

}  // namespace rig
