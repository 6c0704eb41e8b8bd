// Memory: what the gateway remembers from one request to the next, most of it over restarts too.
//
// Any thread. One per process, beside the gateway that uses it and outliving it.
#pragma once

#include <memory>
#include <string>

#include "base/log.h"
#include "config/text_file.h"
#include "gateway/count_pauses.h"
#include "gateway/fetched_media.h"
#include "gateway/fresh_keys.h"
#include "gateway/homes.h"
#include "gateway/lesson_book.h"
#include "gateway/places.h"
#include "gateway/sessions.h"
#include "gateway/target_health.h"
#include "plugin/roster.h"
#include "store/signatures.h"
#include "store/state.h"

namespace ccr::gateway {

struct Memory {
    /// `state_file`: "" = nothing outlives the process.
    explicit Memory(std::string state_file = {})
        : state(store::StateSettings{.file = std::move(state_file)}),
          signatures(state),
          lessons(state),
          homes(state),
          health(state) {}

    store::State state;
    store::SignatureStore signatures;
    LessonBook lessons;
    Homes homes;
    TargetHealth health;
    CountPauses count_pauses;
    Places client_places, provider_places;
    config::TextFile instructions{"REWRITE_SYSTEM_PROMPT",
                                  [](const std::string& message) { log::warn(message); }};
    FetchedMedia media;
    Sessions sessions;
    // Shared: what ran them may end after this, with the last of the threads.
    std::shared_ptr<plugin::Roster> scripts = std::make_shared<plugin::Roster>();
    FreshKeys keys;
};

}  // namespace ccr::gateway
