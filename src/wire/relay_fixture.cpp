#include "wire/relay_fixture.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "chat/fold.h"
#include "chat/grammar.h"

namespace ccr::wire {
namespace {

class Pipeline {
  public:
    Pipeline(const Codec& upstream, const Codec& client)
        : decoder_(upstream.open_decoder(kTestTarget)),
          encoder_(client.open_encoder({"req_1", 7, "asked-model", true})) {}

    void feed(std::string_view piece) { parser_.feed(piece, on_message()); }
    Relayed finish() {
        parser_.finish(on_message());
        events_.clear();
        decoder_->finish(events_);
        take();
        out_.reply = fold_.take();
        out_.bytes = without_volatile(std::move(out_.bytes));
        return std::move(out_);
    }

  private:
    std::function<void(const net::SseMessage&)> on_message() {
        return [this](const net::SseMessage& message) {
            events_.clear();
            decoder_->feed(message, events_);
            take();
        };
    }
    void take() {
        for (const chat::StreamEvent& event : events_) {
            if (const std::string why = guard_.check(event); !why.empty() && out_.complaint.empty())
                out_.complaint = why;
            if (const auto* failed = std::get_if<chat::Failed>(&event))
                out_.failure = failed->error;
            out_.finished = out_.finished || std::holds_alternative<chat::Finished>(event);
            out_.ends += out_.failure || std::holds_alternative<chat::Finished>(event);
            fold_.feed(event);
            encoder_->feed(event, out_.bytes);
        }
    }

    net::SseParser parser_;
    std::unique_ptr<StreamDecoder> decoder_;
    std::unique_ptr<StreamEncoder> encoder_;
    chat::GrammarGuard guard_;
    chat::Fold fold_;
    chat::Events events_;
    Relayed out_;
};

std::filesystem::path tests_folder() {
    return std::filesystem::path(CCR_SOURCE_DIR) / "tests";
}

}  // namespace

Relayed relay(const Codec& upstream, const Codec& client, const Pieces& pieces) {
    Pipeline pipeline(upstream, client);
    for (const std::string_view piece : pieces) pipeline.feed(piece);
    return pipeline.finish();
}

// No std::regex: it would take most of the time of every test of streams.
std::string without_volatile(std::string text) {
    std::map<std::string, std::size_t> known;
    for (const std::string_view prefix : {"call_", "srvtoolu_"}) {
        for (std::size_t at = text.find(prefix); at != std::string::npos;
             at = text.find(prefix, at + 1)) {
            const std::size_t begin = at + prefix.size();
            const std::size_t end =
                std::min(text.find_first_not_of("0123456789abcdef", begin), text.size());
            if (end - begin != 24) continue;
            const std::size_t number =
                known.try_emplace(text.substr(at, end - at), known.size() + 1).first->second;
            text.replace(begin, 24, std::to_string(number));
        }
    }
    for (const std::string_view created : {"\"created\":", "\"created_at\":"}) {
        for (std::size_t at = text.find(created); at != std::string::npos;
             at = text.find(created, at + 1)) {
            const std::size_t begin = at + created.size();
            text.replace(begin, text.find_first_not_of("0123456789", begin) - begin, "0");
        }
    }
    return text;
}

Pieces randomly_split(json::Random& r, std::string_view text) {
    std::vector<std::size_t> cuts{0, text.size()};
    for (std::size_t i = 1 + r.below(7); i > 0; --i) cuts.push_back(r.below(text.size() + 1));
    std::ranges::sort(cuts);
    Pieces out;
    for (std::size_t i = 1; i < cuts.size(); ++i)
        out.push_back(text.substr(cuts[i - 1], cuts[i] - cuts[i - 1]));
    return out;
}

Pieces split_into_bytes(std::string_view text) {
    Pieces out;
    for (std::size_t i = 0; i < text.size(); ++i) out.push_back(text.substr(i, 1));
    return out;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::vector<std::filesystem::path> test_files(std::string_view folder, std::string_view suffix) {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::directory_iterator(tests_folder() / folder)) {
        if (entry.path().filename().string().ends_with(suffix)) out.push_back(entry.path());
    }
    std::ranges::sort(out);
    return out;
}

std::vector<std::filesystem::path> written_streams(std::string_view wire) {
    std::vector<std::filesystem::path> out =
        test_files(fmt::format("golden/streams/{}", wire), ".sse");
    std::erase_if(out, [](const std::filesystem::path& path) {
        return path.filename().string().find(".to.") != std::string::npos;
    });
    return out;
}

std::string stem_of(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    return name.substr(0, name.find('.'));
}

std::string recorded_body(const std::filesystem::path& path) {
    const std::string text = read_file(path);
    json::Document document;
    const auto root = document.parse(text);
    if (!root || !(*root)["body"].is_object()) return "";
    return std::string((*root)["body"].raw());
}

DecodedRequest::DecodedRequest(const Codec& codec, std::string text)
    : body(std::move(text)),
      root(document.parse(body)),
      conversation(root ? codec.decode_request(*root, {}) : std::unexpected(root.error())) {}

}  // namespace ccr::wire
