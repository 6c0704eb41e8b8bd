// LessonBook: what refusals taught, per provider, model and version, for all requests to come.
//
// A version is the provider's entry in the configuration together with ccr's own: when either
// changes, its lessons are void. Any thread; `state` must outlive it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "adapt/lesson.h"
#include "config/config.h"
#include "store/state.h"

namespace ccr::gateway {

/// Whom a lesson is about. Plain values.
struct Pupil {
    std::string provider, model, version;
};
Pupil pupil_of(const config::Provider& provider, const std::string& model);

struct KeptLesson {
    std::int64_t number = 0;  // for people to name it by
    Pupil pupil;
    adapt::Lesson lesson;
    std::int64_t learned_at = 0;  // milliseconds since 1970
};
/// "temperature is left out", "3 days".
std::string sentence_of(const KeptLesson& kept);
std::string age_of(std::int64_t learned_at, std::int64_t now_ms);
/// {"lessons": [...]} for `ccr lessons --json` and the control socket.
std::string to_json(const std::vector<KeptLesson>& lessons);

class LessonBook {
  public:
    explicit LessonBook(store::State& state);

    /// Those for the model of the provider as it is configured now.
    std::vector<KeptLesson> of(const config::Provider& provider, const std::string& model);
    /// Takes the place of an earlier lesson about the same field.
    void keep(const Pupil& pupil, const adapt::Lesson& lesson);

    /// By number.
    std::vector<KeptLesson> list();
    bool remove(std::int64_t number);
    void clear();

  private:
    using Lessons = std::map<std::string, KeptLesson>;  // by their record's key

    void ensure_loaded();
    void load(const store::Record& record);
    void erase(Lessons::iterator lesson);
    void save(const std::string& key, const KeptLesson& kept);

    store::State& state_;
    std::mutex mutex_;
    bool is_loaded_ = false;
    Lessons lessons_;
    std::int64_t last_number_ = 0;
};

}  // namespace ccr::gateway
