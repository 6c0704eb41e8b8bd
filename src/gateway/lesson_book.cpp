#include "gateway/lesson_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "json/document.h"
#include "json/writer.h"
#include "store/digest.h"

namespace ccr::gateway {
namespace {

using json::View;
using json::Writer;

constexpr std::string_view kKind = "lesson";
constexpr std::size_t kMost = 512;

std::int64_t now_ms() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string key_of(const Pupil& pupil, const adapt::Lesson& lesson) {
    return store::digest({pupil.provider, pupil.model, adapt::field_of(lesson)});
}

void write(Writer& w, const KeptLesson& kept) {
    w.open_object()
        .member("number", kept.number)
        .member("provider", std::string_view(kept.pupil.provider))
        .member("model", std::string_view(kept.pupil.model))
        .member("version", std::string_view(kept.pupil.version))
        .member("says", std::string_view(sentence_of(kept)))
        .member("learned_at", kept.learned_at)
        .member_raw("lesson", adapt::to_json(kept.lesson))
        .close_object();
}

// A use list as it shapes requests: names and options.
void add_uses(std::string& out, const std::vector<config::TransformerUse>& uses) {
    for (const config::TransformerUse& use : uses) out += use.name + "\n" + use.options + "\n";
}

std::string version_of(const config::Provider& provider, const std::string& model) {
    std::string uses;
    add_uses(uses, provider.use);
    for (const config::ModelTransformers& of_model : provider.model_use) {
        if (of_model.model == model) add_uses(uses, of_model.use);
    }
    return store::digest({CCR_VERSION, provider.base_url, name_of(provider.speaks), uses});
}

}  // namespace

Pupil pupil_of(const config::Provider& provider, const std::string& model) {
    return {provider.name, model, version_of(provider, model)};
}

std::string sentence_of(const KeptLesson& kept) {
    return adapt::field_of(kept.lesson) + " " + adapt::clause_of(kept.lesson);
}

std::string age_of(std::int64_t learned_at, std::int64_t now) {
    const std::int64_t minutes = std::max<std::int64_t>(0, now - learned_at) / 60'000;
    const auto told = [](std::int64_t count, std::string_view unit) {
        return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
    };
    if (minutes < 60) return told(minutes, "minute");
    if (minutes < 48 * 60) return told(minutes / 60, "hour");
    return told(minutes / (24 * 60), "day");
}

std::string to_json(const std::vector<KeptLesson>& lessons) {
    std::string out;
    Writer w(out);
    w.open_object().key("lessons").open_array();
    for (const KeptLesson& kept : lessons) write(w, kept);
    w.close_array().close_object();
    return out;
}

LessonBook::LessonBook(store::State& state) : state_(state) {}

void LessonBook::ensure_loaded() {
    if (is_loaded_) return;
    const auto records = state_.take(kKind);
    if (!records) return;
    is_loaded_ = true;
    for (const store::Record& record : *records) load(record);
}

void LessonBook::load(const store::Record& record) {
    json::Document document;
    const auto root = document.parse(record.value);
    if (!root) return;
    const View value = *root;
    const auto lesson = adapt::lesson_from(value["lesson"]);
    if (!lesson) return;
    KeptLesson kept{value["number"].integer().value_or(0),
                    {value["provider"].text().decode(), value["model"].text().decode(),
                     value["version"].text().decode()},
                    *lesson,
                    value["learned_at"].integer().value_or(0)};
    last_number_ = std::max(last_number_, kept.number);
    // What was learned before the file had been read is newer.
    if (key_of(kept.pupil, kept.lesson) == record.key) lessons_.emplace(record.key, kept);
}

void LessonBook::save(const std::string& key, const KeptLesson& kept) {
    std::string value;
    Writer w(value);
    write(w, kept);
    state_.put({std::string(kKind), key, std::move(value), kept.learned_at});
}

void LessonBook::erase(Lessons::iterator lesson) {
    state_.remove(kKind, lesson->first);
    lessons_.erase(lesson);
}

std::vector<KeptLesson> LessonBook::of(const config::Provider& provider, const std::string& model) {
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    std::vector<KeptLesson> out;
    std::string version;  // costs a digest, and nearly all requests meet no lesson
    for (auto at = lessons_.begin(); at != lessons_.end();) {
        const auto lesson = at++;
        const Pupil& learned = lesson->second.pupil;
        if (learned.provider != provider.name || learned.model != model) continue;
        if (version.empty()) version = version_of(provider, model);
        if (learned.version == version)
            out.push_back(lesson->second);
        else
            erase(lesson);
    }
    return out;
}

void LessonBook::keep(const Pupil& pupil, const adapt::Lesson& lesson) {
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    const std::string key = key_of(pupil, lesson);
    const KeptLesson kept{++last_number_, pupil, lesson, now_ms()};
    lessons_.insert_or_assign(key, kept);
    save(key, kept);
    if (lessons_.size() <= kMost) return;
    erase(std::ranges::min_element(
        lessons_, {}, [](const Lessons::value_type& entry) { return entry.second.learned_at; }));
}

std::vector<KeptLesson> LessonBook::list() {
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    std::vector<KeptLesson> out;
    for (const auto& [key, kept] : lessons_) out.push_back(kept);
    std::ranges::sort(out, {}, &KeptLesson::number);
    return out;
}

bool LessonBook::remove(std::int64_t number) {
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    const auto found = std::ranges::find_if(
        lessons_, [number](const auto& entry) { return entry.second.number == number; });
    if (found == lessons_.end()) return false;
    erase(found);
    return true;
}

void LessonBook::clear() {
    const std::lock_guard lock(mutex_);
    ensure_loaded();
    lessons_.clear();
    state_.clear(kKind);
}

}  // namespace ccr::gateway
