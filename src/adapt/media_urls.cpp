#include "adapt/media_urls.h"

#include <algorithm>
#include <array>

namespace ccr::adapt {
namespace {

using chat::Media;
using chat::MediaKind;
using chat::Part;

// Names of Google's own files, which only Google can open (ai.google.dev/gemini-api/docs,
// "File input methods"; Vertex AI, "FileData").
bool is_googles(std::string_view url) {
    static constexpr auto kStarts = std::to_array<std::string_view>(
        {"gs://", "https://generativelanguage.googleapis.com/", "https://www.youtube.com/",
         "https://youtube.com/", "https://youtu.be/"});
    return std::ranges::any_of(kStarts,
                               [&](std::string_view start) { return url.starts_with(start); });
}

class Target {
  public:
    Target(const config::Provider& provider, std::string_view model, Protocol speaks)
        : traits_(config::traits_of(provider, model)),
          speaks_(speaks),
          // Claude there takes base64 only ("Vision", supported platforms:
          // platform.claude.com/docs/en/build-with-claude/vision).
          base64_only_(speaks == Protocol::anthropic &&
                       (provider.platform == config::Platform::bedrock ||
                        provider.platform == config::Platform::vertex)) {}

    bool refuses(const Media& media) const {
        if (media.source != chat::MediaSource::url || media.kind == MediaKind::audio) return false;
        if (media.kind == MediaKind::image && traits_.vision == false) return false;
        return !takes(media);
    }

  private:
    bool takes(const Media& media) const {
        const std::string url = media.data.decode();
        if (speaks_ == Protocol::gemini && is_googles(url)) return true;
        if (traits_.media_urls) return *traits_.media_urls;
        if (base64_only_) return false;
        switch (speaks_) {
            case Protocol::anthropic:
                return url.starts_with("https://");
            case Protocol::openai_chat:  // documents are data or file ids only
                return media.kind == MediaKind::image && url.starts_with("http");
            case Protocol::openai_responses:
            case Protocol::gemini:
                return url.starts_with("http");
        }
        return true;
    }

    config::Traits traits_;
    Protocol speaks_;
    bool base64_only_;
};

void collect(std::vector<Part>& parts, const Target& target, std::vector<Part*>& out) {
    for (Part& part : parts) {
        if (auto* result = std::get_if<chat::ToolResult>(&part.body))
            collect(result->content, target, out);
        const auto* media = part.as<Media>();
        if (media && target.refuses(*media)) out.push_back(&part);
    }
}

}  // namespace

std::vector<Part*> media_by_refused_url(chat::Conversation& conversation,
                                        const config::Provider& provider, std::string_view model,
                                        Protocol speaks) {
    const Target target(provider, model, speaks);
    std::vector<Part*> out;
    for (chat::Turn& turn : conversation.turns) collect(turn.parts, target, out);
    return out;
}

}  // namespace ccr::adapt
