#include "manifest/code_of.h"

#include <algorithm>

#include "base/sha256.h"
#include "config/node.h"
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
        add_keys(settings, false);
        add_outside("file sent as the system prompt", text_in(settings, "REWRITE_SYSTEM_PROMPT"));
        add_client_settings(settings.value("claudeCodeSettings", Json::object()));
        return std::move(out_);
    }

  private:
    // Wherever they stand, in whatever spelling: of a provider, or of one of its keys.
    void add_keys(const Json& value, bool of_a_key) {
        if (!value.is_structured()) return;
        for (const auto& [key, member] : value.items()) {
            const std::string name = value.is_object() ? config::folded(key) : "";
            if (member.is_string() && (name == "apikeycommand" || (of_a_key && name == "command")))
                add({"command for a key", "", member.get<std::string>(), ""});
            if (member.is_string() && (name == "apikeyfile" || (of_a_key && name == "file")))
                add_outside("file sent as a key", member.get<std::string>());
            add_keys(member, of_a_key || name == "apikeys" || name == "apikey");
        }
    }

    // Hooks, helpers and variables of the client's run what they name.
    void add_client_settings(const Json& settings) {
        if (!settings.is_object()) return;
        for (const auto& [key, value] : settings.items()) {
            if (key == "model") continue;
            if (key != "env" || !value.is_object()) {
                add({"setting of Claude Code", "", key + ": " + value.dump(), ""});
                continue;
            }
            for (const auto& [name, variable] : value.items())
                add({"variable for Claude Code", "", name + "=" + variable.dump(), ""});
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

    void add_outside(std::string what, const std::string& path) {
        if (!path.empty() && !path.starts_with(directory_)) add_file(std::move(what), path);
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
    const auto settings = settings_of(manifest);
    return settings ? Search(manifest).run(*settings->root) : std::vector<Code>();
}

}  // namespace ccr::manifest
