// Media fetch: the phase between route and encoder that loads images and documents for a target
// which cannot take their URLs, behind a guard (media_guard.h); and their place in the conversation
// while it is encoded for that target.
//
// One request, one thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "chat/loss.h"
#include "gateway/client_stream.h"
#include "gateway/fetched_media.h"
#include "route/route.h"

namespace ccr::gateway {

struct Call;

/// What this request's URLs led to, good or bad, by URL.
using MediaOfRequest = std::map<std::string, FetchedFilePtr>;

/// Loads into `call.media` what `target` cannot take by URL. A file that cannot be had fails
/// nothing: a note will stand in its place. Error: client_gone.
net::Task<Result<void>> fetch_media(Call& call, const route::Attempt& target, ClientStream* client);

/// The conversation with the files in place of their URLs, as long as this lives.
class MediaInPlace {
  public:
    MediaInPlace(Call& call, const route::Attempt& target, chat::Losses& losses);
    ~MediaInPlace();
    MediaInPlace(const MediaInPlace&) = delete;
    MediaInPlace& operator=(const MediaInPlace&) = delete;

    bool changed() const { return !before_.empty(); }

  private:
    using Body = decltype(chat::Part::body);
    std::vector<std::pair<chat::Part*, Body>> before_;
};

}  // namespace ccr::gateway
