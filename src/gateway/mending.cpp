#include "gateway/mending.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/log.h"

namespace ccr::gateway {
namespace {

// Providers name one field at a time; a client that sends three of them waits three refusals once.
constexpr int kMostRounds = 3;

std::int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void log_lesson(std::string_view what, const Pupil& pupil, const adapt::Lesson& lesson) {
    const std::string says = adapt::field_of(lesson) + " " + adapt::clause_of(lesson);
    log::info(what, {{"provider", std::string_view(pupil.provider)},
                     {"model", std::string_view(pupil.model)},
                     {"lesson", std::string_view(says)}});
}

std::string with(const json::Patches& patches, std::string body) {
    return patches.empty() ? std::move(body) : json::apply_patches(std::move(body), patches);
}

void append(json::Patches& to, const adapt::Lesson& lesson) {
    for (json::WirePatch& patch : adapt::patches_of(lesson)) to.push_back(std::move(patch));
}

}  // namespace

Mending::Mending(LessonBook& book, const config::Provider& provider, const std::string& model,
                 Protocol wire)
    : book_(book), provider_(provider), model_(model), wire_(wire) {}

json::SplicedText Mending::prepared(json::SplicedText body, chat::Losses& losses) {
    std::vector<KeptLesson> known = book_.of(provider_, model_);
    if (known.empty()) return body;
    json::Document document;
    const auto root = document.parse(body.whole());
    if (!root) return body;
    json::Patches patches;
    for (KeptLesson& kept : known) {
        if (!adapt::concerns(kept.lesson, *root)) continue;
        append(patches, kept.lesson);
        losses.push_back({"request", sentence_of(kept),
                          fmt::format("{} refused it {} ago, lesson {}", provider_.name,
                                      age_of(kept.learned_at, now_ms()), kept.number)});
        applied_.push_back(std::move(kept));
    }
    if (applied_.empty()) return body;
    plain_ = body.whole();
    return json::apply_patches(std::move(body), patches);
}

// "max_tokens is sent as max_completion_tokens", and now that one is refused.
bool Mending::contradicts(const adapt::Lesson& lesson) const {
    return std::ranges::any_of(applied_, [&](const KeptLesson& kept) {
        return std::ranges::any_of(lesson.pointers, [&](const std::string& pointer) {
            const bool is_same =
                std::ranges::find(kept.lesson.pointers, pointer) != kept.lesson.pointers.end();
            return is_same ||
                   (kept.lesson.mend == adapt::Mend::rename && pointer == "/" + kept.lesson.value);
        });
    });
}

std::optional<std::string> Mending::learn(const Refusal& refusal, const std::string& sent,
                                          chat::Losses& losses) {
    json::Document document;
    const auto root = document.parse(sent);
    if (!root) return std::nullopt;
    json::Patches patches;
    for (adapt::Lesson& lesson : adapt::lessons_of(refusal.status, refusal.body, wire_, *root)) {
        if (contradicts(lesson)) return std::nullopt;
        append(patches, lesson);
        losses.push_back({"request", adapt::field_of(lesson) + " " + adapt::clause_of(lesson),
                          provider_.name + " has just refused it"});
        fresh_.push_back(std::move(lesson));
    }
    if (patches.empty()) return std::nullopt;
    return with(patches, sent);
}

std::optional<std::string> Mending::mended(const Refusal& refusal, const Error& error,
                                           const std::string& sent, chat::Losses& losses) {
    // A conversation that is too long stays so, whatever field its refusal names.
    if (without_lessons_ || error.kind == ErrorKind::context_overflow) return std::nullopt;
    if (rounds_++ < kMostRounds) {
        if (auto body = learn(refusal, sent, losses); body && *body != sent) return body;
    }
    const bool may_be_ours = (refusal.status == 400 || refusal.status == 422) && !applied_.empty();
    if (!may_be_ours) return std::nullopt;
    without_lessons_ = true;
    fresh_.clear();
    losses.clear();
    return std::move(plain_);
}

void Mending::accepted() {
    if (without_lessons_) {
        for (const KeptLesson& kept : applied_) {
            log_lesson("a lesson made a request fail and is dropped", kept.pupil, kept.lesson);
            book_.remove(kept.number);
        }
    }
    for (const adapt::Lesson& lesson : fresh_) {
        const Pupil pupil = pupil_of(provider_, model_);
        log_lesson("a lesson was learned from a refusal", pupil, lesson);
        book_.keep(pupil, lesson);
    }
    fresh_.clear();
    applied_.clear();
    std::string().swap(plain_);  // as large as the request, and the answer may take an hour
}

}  // namespace ccr::gateway
