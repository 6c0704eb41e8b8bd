// Plan: everything one attempt does differently for its provider and model - adapters over the
// hub, then patches of the encoded bytes - from its preset, its transformers and its own settings.
//
// Made for one attempt and used on one thread; the provider must outlive it, the conversation until
// the request was encoded: an answer may outlive its request.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapt/adapter.h"
#include "chat/reply.h"
#include "config/config.h"

namespace ccr::adapt {

/// The protocol a provider speaks for a model: a transformer at model level may say another than
/// the provider's.
Protocol speaks(const config::Provider& provider, std::string_view model);

class Plan {
  public:
    /// `same_protocol`: the client speaks the target's protocol, so that what the client's own
    /// bytes can say is left to them.
    Plan(const config::Provider& provider, std::string_view model,
         const chat::Conversation& conversation, bool same_protocol);

    /// The answer or the request has to pass the hub; without, patches are all.
    bool needs_hub() const { return !adapters_.empty(); }
    /// The conversation as this attempt sends it: a copy, edited. It views the original's bytes.
    chat::Conversation request(const chat::Conversation& conversation);
    /// The encoded request with the patches applied.
    std::string patched(std::string body) const;
    json::SplicedText patched(json::SplicedText body) const;
    /// Of those, what transformers ask for that stand after the first of the user's scripts, and
    /// what always comes behind transformers: it holds for what the scripts make, too.
    const json::Patches& after_scripts() const { return after_scripts_; }
    const chat::Losses& losses() const { return notes_.losses; }

    /// One batch of decoded events through the answer's side. Views in `events` are valid until
    /// the next call.
    void answer(chat::Events& events);
    void answer(chat::Reply& reply);

  private:
    json::Patches patches() const;

    std::vector<std::unique_ptr<Adapter>> adapters_;
    json::Patches before_, after_;  // around those that adapters ask for
    json::Patches after_scripts_;
    RequestNotes notes_;
    Arena arena_;
};

}  // namespace ccr::adapt
