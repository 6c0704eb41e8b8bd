#include "doctor/examination.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

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
    return reply;
}

bool Examination::learned(const std::function<bool(const Lesson&)>& is_meant) {
    return std::ranges::any_of(
        gateway_.lessons(), [&](const gateway::KeptLesson& kept) { return is_meant(kept.lesson); });
}

void Examination::text() {
    out_.first = ask("text", plain_question(target_, Streamed::yes));
    const Reply& first = out_.first;
    if (first.answered()) {
        out_.streaming.works = true;
        out_.usage.works = first.output_tokens > 0;
        return;
    }
    // What ends a stream wrongly may still answer as a whole.
    const bool is_broken = first.status == 200 || first.status == 502 || first.status == 0;
    if (!is_broken || !first.connected()) return;
    Reply whole = ask("text, not streamed", plain_question(target_, Streamed::no));
    if (!whole.answered()) return;
    out_.streaming = {false, first.message};
    out_.usage.works = whole.output_tokens > 0;
    out_.first = std::move(whole);
    streamed_ = Streamed::no;
}

void Examination::tools() {
    const Reply reply = ask("tools", tools_question(target_, streamed_));
    const std::size_t calls = calls_of(reply);
    if (reply.answered() || reply.refused())
        out_.tools = {calls > 0, calls > 0 ? "" : why_not(reply)};
    else
        out_.tools.why = reply.message;
    if (!reply.calls.empty() && calls == 0)
        out_.tools.why = "the arguments of its calls are not what the tool asks for";
    if (calls > 0) out_.parallel_tools = {calls > 1, calls > 1 ? "" : "one call at a time"};
}

void Examination::images() {
    if (traits_.vision == false) {
        out_.images = {false, "by the configuration or its preset; not asked"};
        return;
    }
    const Reply reply = ask("images", image_question(target_, streamed_));
    out_.images = {saw_image(reply), ""};
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

void Examination::output() {
    for (const std::int64_t most : kOutputs) {
        const Reply reply =
            ask("output", plain_question(target_, Streamed::yes, most), Wanted::beginning);
        const auto lessons = gateway_.lessons();
        const auto bound = std::ranges::find_if(
            lessons, [](const auto& kept) { return bounds_output(kept.lesson); });
        if (bound != lessons.end())
            out_.max_output = static_cast<std::int64_t>(bound->lesson.bound);
        else if (most != kOutputs.front() && reply.began)
            out_.max_output = most;
        if (reply.began) {
            out_.output.works = true;
            out_.takes_output =
                std::min({most, traits_.max_output.value_or(most), out_.max_output.value_or(most)});
            return;
        }
        out_.output = {reply.refused() ? std::optional(false) : std::nullopt, reply.message};
        if (!reply.refused()) return;
    }
}

Checkup Examination::run() {
    text();
    if (out_.first.answered()) {
        tools();
        images();
        thinking();
        output();
    }
    return std::move(out_);
}

}  // namespace ccr::doctor
