#include "doctor/examination.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace ccr::doctor {
namespace {

using adapt::Lesson;
using adapt::Mend;

constexpr std::array<std::int64_t, 4> kOutputs{kUsualOutput, 16'384, 8192, 4096};
constexpr std::size_t kQuoted = 60;

std::string quoted(const std::string& text) {
    return "it answered \"" + (text.size() > kQuoted ? text.substr(0, kQuoted) + "..." : text) +
           "\"";
}

std::string why_not(const Reply& reply) {
    if (!reply.answered()) return reply.message;
    return reply.is_cut ? "its answer ended at max_tokens" : quoted(reply.text);
}

bool takes_images_out(const Lesson& lesson) {
    return lesson.mend == Mend::note_images;
}

bool takes_thinking_out(const Lesson& lesson) {
    const std::string field = adapt::field_of(lesson);
    return lesson.mend == Mend::leave_out && (field.find("think") != std::string::npos ||
                                              field.find("reasoning") != std::string::npos);
}

bool bounds_output(const Lesson& lesson) {
    const std::string field = adapt::field_of(lesson);
    return lesson.mend == Mend::at_most &&
           (field.starts_with("max_") || field.find("maxOutputTokens") != std::string::npos);
}

}  // namespace

Examination::Examination(const config::Config& config, const config::Provider& provider,
                         const std::string& model, const Tell& tell)
    : traits_(config::traits_of(provider, model)),
      tell_(tell),
      target_(provider.name + "," + model),
      gateway_(config, kPatience) {
    out_.provider = provider.name;
    out_.model = model;
    out_.is_asked = true;
}

Reply Examination::ask(std::string_view step, std::string body, Wanted wanted) {
    tell_(step);
    Reply reply = gateway_.ask(std::move(body), wanted);
    const bool is_told = reply.began || reply.answered() || reply.refused();
    if (out_.first.answered() && !is_told && out_.trouble.empty()) out_.trouble = reply.message;
    has_timed_out_ = has_timed_out_ || reply.timed_out();
    return reply;
}

bool Examination::learned(const std::function<bool(const Lesson&)>& is_meant) {
    return std::ranges::any_of(
        gateway_.lessons(), [&](const gateway::KeptLesson& kept) { return is_meant(kept.lesson); });
}

void Examination::text() {
    gateway_.bound_silence(kFirstSilence);
    Reply before = ask("text", plain_question(target_, Streamed::yes));
    out_.first = before;
    const bool is_broken = before.status == 200 || before.status >= 500 || before.status == 0;
    const bool is_clear = before.timed_out() || before.is_overload() || !before.connected();
    // Once may be chance.
    if (!before.answered() && is_broken && !is_clear)
        out_.first = ask("text, again", plain_question(target_, Streamed::yes));
    gateway_.bound_silence(kPatience);
    if (out_.first.answered()) {
        out_.streaming.works = true;
        out_.usage.works = out_.first.output_tokens > 0;
    } else if (is_broken && !is_clear && !out_.first.timed_out() && !out_.first.is_overload()) {
        ask_whole(out_.first, before.status == 200 && out_.first.status == 200);
    }
}

// What ends a stream wrongly may still answer as a whole.
void Examination::ask_whole(const Reply& broken, bool is_twice) {
    Reply whole = ask("text, not streamed", plain_question(target_, Streamed::no));
    if (!whole.answered()) return;
    if (is_twice)
        out_.streaming = {false, broken.message};
    else
        out_.trouble = out_.streaming.why = broken.message;
    out_.usage.works = whole.output_tokens > 0;
    out_.first = std::move(whole);
    streamed_ = Streamed::no;
}

void Examination::tools() {
    const Reply reply = ask("tools", tools_question(target_, streamed_));
    const std::size_t calls = calls_of(reply);
    // Cut before a call, or broken off: it may have been about to make one.
    const bool is_told = calls > 0 || reply.refused() || (reply.answered() && !reply.is_cut);
    if (is_told)
        out_.tools = {calls > 0, calls > 0 ? "" : why_not(reply)};
    else
        out_.tools.why = why_not(reply);
    if (!reply.calls.empty() && calls == 0)
        out_.tools.why = "the arguments of its calls are not what the tool asks for";
    if (calls > 0) out_.parallel_tools = {calls > 1, calls > 1 ? "" : "one call at a time"};
}

void Examination::images() {
    if (traits_.vision == false) {
        out_.images = {false, "by the configuration or its preset; not asked", true};
        return;
    }
    const Reply reply = ask("images", image_question(target_, streamed_));
    out_.images = {saw_image(reply, out_.model), ""};
    if (learned(takes_images_out)) out_.images.works = false;
    if (out_.images.works != true) out_.images.why = why_not(reply);
}

void Examination::thinking() {
    Reply reply = ask("thinking", thinking_question(target_, streamed_, false));
    if (reply.refused())
        reply = ask("thinking, adaptive", thinking_question(target_, streamed_, true));
    if (reply.has_thoughts)
        out_.thinking.works = true;
    else if (reply.refused() || learned(takes_thinking_out))
        out_.thinking = {false, reply.refused() ? reply.message : "its fields are refused"};
    else
        out_.thinking.why = reply.answered() ? "it showed no thoughts" : reply.message;
}

std::optional<std::int64_t> Examination::told_bound() {
    for (const gateway::KeptLesson& kept : gateway_.lessons()) {
        if (bounds_output(kept.lesson)) return static_cast<std::int64_t>(kept.lesson.bound);
    }
    return std::nullopt;
}

void Examination::output() {
    std::int64_t least = INT64_MAX;  // that was asked for
    for (const std::int64_t rung : kOutputs) {
        // More than a known cap would be sent as that cap.
        const std::int64_t most = std::min(rung, traits_.max_output.value_or(rung));
        if (most >= least || (out_.max_output && most >= *out_.max_output)) continue;
        least = most;
        const Reply reply =
            ask("output", plain_question(target_, Streamed::yes, most), Wanted::beginning);
        out_.max_output = told_bound();
        if (reply.began) {
            out_.output.works = true;
            out_.takes_output = std::min(most, out_.max_output.value_or(most));
            return;
        }
        out_.output = {reply.refused() ? std::optional(false) : std::nullopt, reply.message};
        if (!reply.refused()) return;
        if (!out_.max_output) out_.refused_output = most;
    }
}

Checkup Examination::run() {
    text();
    if (!out_.first.answered()) return std::move(out_);
    for (const auto question : {&Examination::tools, &Examination::images, &Examination::thinking,
                                &Examination::output}) {
        if (!has_timed_out_) (this->*question)();
    }
    return std::move(out_);
}

}  // namespace ccr::doctor
