#include "manifest/code_of.h"

#include <algorithm>
#include <filesystem>

#include "base/sha256.h"
#include "config/read_file.h"
#include "manifest/settings.h"

namespace ccr::manifest {
namespace {

std::string text_in(const Json& object, const char* key) {
    if (!object.is_object()) return "";
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// Looks into settings whose paths are absolute.
class Search {
  public:
    explicit Search(const Manifest& manifest) : directory_(manifest.directory + "/") {}

    std::vector<Code> run(const Json& settings) {
        add_file("custom router", text_in(settings, "CUSTOM_ROUTER_PATH"));
        for (const Json& each : settings.value("transformers", Json::array()))
            add_file("transformer", text_in(each, "path"));
        for (const Json& theme : settings.value("StatusLine", Json::object())) {
            if (!theme.is_object()) continue;
            for (const Json& module : theme.value("modules", Json::array()))
                add_file("status line script", text_in(module, "scriptPath"));
        }
        add_commands(settings);
        return std::move(out_);
    }

  private:
    // Wherever they stand: of a provider, or of one of its keys.
    void add_commands(const Json& value) {
        if (!value.is_structured()) return;
        for (const auto& [key, member] : value.items()) {
            const bool is_command =
                value.is_object() && member.is_string() && key.ends_with("command");
            if (is_command) add({"command for a key", "", member.get<std::string>(), ""});
            add_commands(member);
        }
    }

    void add_file(std::string what, std::string path) {
        if (path.empty()) return;
        Code code{std::move(what), path, "", ""};
        const auto content = config::read_file(path);
        if (content && *content) code.checksum = sha256_hex(**content);
        if (path.starts_with(directory_)) code.file = path.substr(directory_.size());
        add(std::move(code));
    }

    void add(Code code) {
        const auto is_it = [&code](const Code& other) {
            return other.file == code.file && other.command == code.command;
        };
        if (std::ranges::none_of(out_, is_it)) out_.push_back(std::move(code));
    }

    std::string directory_;
    std::vector<Code> out_;
};

}  // namespace

std::vector<Code> code_of(const Manifest& manifest) {
    // Before and after the answers: one of them may choose between scripts.
    std::vector<Code> out;
    for (const Json& root : {manifest.root(), manifest.root().value("template", Json::object())}) {
        Manifest plain;
        plain.directory = manifest.directory;
        *plain.document.root = root;
        plain.document.root->erase("schema");
        plain.document.root->erase("template");
        const auto settings = settings_of(plain);
        if (!settings) continue;
        for (Code& code : Search(manifest).run(*settings->root)) {
            const auto is_it = [&code](const Code& other) {
                return other.file == code.file && other.command == code.command;
            };
            if (std::ranges::none_of(out, is_it)) out.push_back(std::move(code));
        }
    }
    return out;
}

}  // namespace ccr::manifest
