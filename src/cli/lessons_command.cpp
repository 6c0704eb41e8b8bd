// `ccr lessons`: what refusals of providers taught. Running services are asked, so that what they
// have in memory changes too; without one, the state file is.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/banner.h"
#include "cli/commands.h"
#include "cli/control_client.h"
#include "cli/exit_codes.h"
#include "cli/surroundings.h"
#include "gateway/memory.h"

namespace ccr::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds kStateTime{10};

struct Wish {
    enum class Kind : std::uint8_t { list, remove, clear };
    Kind kind = Kind::list;
    std::int64_t number = 0;  // for remove
};

std::optional<Wish> wish_of(const Options& options) {
    if (options.action == "clear") return Wish{Wish::Kind::clear, 0};
    if (options.action != "remove") return Wish{};
    Wish wish{Wish::Kind::remove, 0};
    const std::string& text = options.words.front();
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), wish.number);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return wish;
}

std::string path_of(const Wish& wish) {
    return wish.kind == Wish::Kind::remove ? fmt::format("/lessons/{}", wish.number) : "/lessons";
}

// What is left, as JSON; nullopt when there is no lesson of that number.
Result<std::optional<std::string>> ask(const std::string& socket, const Wish& wish) {
    const char* method = wish.kind == Wish::Kind::list ? "GET" : "DELETE";
    TRY(const ControlAnswer answer, ask_service(socket, method, path_of(wish)));
    if (answer.status == 404) return std::nullopt;
    if (answer.status != 200)
        return fail(ErrorKind::upstream_protocol,
                    fmt::format("The running service answered {} on {}; `ccr restart` starts this "
                                "version of it.",
                                answer.status, socket));
    return answer.body;
}

std::optional<std::string> edit_file(const std::string& file, const Wish& wish) {
    gateway::Memory memory(file);
    memory.state.wait_loaded(kStateTime);
    if (wish.kind == Wish::Kind::clear) memory.lessons.clear();
    if (wish.kind == Wish::Kind::remove && !memory.lessons.remove(wish.number)) return std::nullopt;
    return gateway::to_json(memory.lessons.list());
}

// Services of one user share the file, but each has a memory of its own.
Result<std::optional<std::string>> carry_out(const Paths& paths, const Wish& wish) {
    const std::vector<Instance> instances = running_instances(paths);
    if (instances.empty()) return edit_file(paths.state, wish);
    std::optional<std::string> left;
    for (const Instance& instance : instances) {
        TRY(auto answer, ask(instance.socket, wish));
        if (!left) left = std::move(answer);
    }
    return left;
}

std::string text_of(const Json& lesson, std::int64_t now) {
    const std::int64_t age = now - lesson.value("learned_at", now);
    return fmt::format("{:>4}  {},{}: {} (learned {} ago)\n", lesson.value("number", 0),
                       lesson.value("provider", ""), lesson.value("model", ""),
                       lesson.value("says", ""), duration_text(age));
}

int print(const std::string& left, bool as_json) {
    if (as_json) {
        fmt::print("{}\n", left);
        return kDone;
    }
    const Json answer = Json::parse(left, nullptr, false);
    const Json lessons =
        answer.is_object() ? answer.value("lessons", Json::array()) : Json::array();
    if (lessons.empty()) fmt::print("No provider has taught ccr anything.\n");
    for (const Json& lesson : lessons) fmt::print("{}", text_of(lesson, epoch_ms()));
    return kDone;
}

}  // namespace

int lessons_command(const Options& options, const config::Environment& environment) {
    const auto wish = wish_of(options);
    if (!wish) {
        fmt::print(stderr,
                   "ccr lessons remove: \"{}\" is no lesson's number; `ccr lessons` lists them.\n",
                   options.words.front());
        return kUsage;
    }
    const Surroundings here = surroundings_of(options, environment);
    const auto left = carry_out(here.paths, *wish);
    if (!left) return report(left.error());
    if (!*left) {
        fmt::print(stderr, "There is no lesson {}; `ccr lessons` lists them.\n", wish->number);
        return kFailed;
    }
    return print(**left, options.json);
}

}  // namespace ccr::cli
