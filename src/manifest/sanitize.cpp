#include "manifest/sanitize.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "config/node.h"
#include "config/secrets.h"

namespace ccr::manifest {
namespace {

// By folded(). Where the service listens, what it lets in and whom it tells is its own in every
// preset; so are the secrets in a webhook's URL and headers, which no name gives away.
constexpr auto kOfTheService = std::to_array<std::string_view>(
    {"host", "port", "apikey", "log", "loglevel", "tls", "unixsocket", "allowedhosts",
     "allowedorigins", "claudepath", "nodepathbinary", "noninteractivemode", "plugins"});
// Names that end like those of credentials and are none.
constexpr auto kNotSecret = std::to_array<std::string_view>(
    {"maxtoken", "maxtokens", "keys", "thinkkeywords", "tokenizer"});

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool is_variable(std::string_view text) {
    if (!text.starts_with('$') || text.size() < 2) return false;
    std::string_view name = text.substr(1);
    if (name.starts_with('{') && name.ends_with('}')) name = name.substr(1, name.size() - 2);
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

std::string variable_part(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z')
            out += static_cast<char>(c - 'a' + 'A');
        else
            out += (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
    }
    return out;
}

class Sanitizer {
  public:
    explicit Sanitizer(const Json& original) { note_variables(original); }

    Sanitized run(const Json& original) {
        Json out = Json::object();
        for (const auto& [key, value] : original.items()) {
            if (is_one_of(kOfTheService, config::folded(key)))
                result_.left_out.push_back(key);
            else
                out[key] = value;
        }
        walk(out, "", "", false);
        replace_elsewhere(out);
        result_.configuration = std::move(out);
        return std::move(result_);
    }

  private:
    // A name that the file already uses is not made up once more.
    void note_variables(const Json& value) {
        if (value.is_string()) {
            const auto& text = value.get_ref<const std::string&>();
            if (is_variable(text))
                taken_.insert(text.substr(text.starts_with("${") ? 2 : 1, text.find('}') - 2));
        } else if (value.is_structured()) {
            for (const Json& each : value) note_variables(each);
        }
    }

    // `entity`: the nearest name around; `field`: the setting's; `secret`: what its name says.
    void walk(Json& value, const std::string& entity, const std::string& field, bool secret) {
        if (value.is_object()) {
            const std::string inside = name_of(value, entity);
            hide_key_sources(value, inside, secret);
            for (auto& [key, member] : value.items()) {
                const bool tells = is_secret(key) || (secret && !member.is_structured());
                walk(member, inside, key, tells || (secret && config::folded(key) == "key"));
            }
        } else if (value.is_array()) {
            for (Json& element : value) walk(element, entity, field, secret);
        } else if (value.is_string()) {
            hide(value, entity, field, secret);
        }
    }

    static std::string name_of(const Json& object, const std::string& around) {
        for (const char* key : {"name", "id"}) {
            const auto found = object.find(key);
            if (found != object.end() && found->is_string() &&
                !found->get_ref<const std::string&>().empty())
                return found->get<std::string>();
        }
        return around;
    }

    static bool is_secret(std::string_view key) {
        const std::string name = config::folded(key);
        if (is_one_of(kNotSecret, name)) return false;
        return config::holds_secret(key);
    }

    // A command or a file that gives a key is of this machine; `of_keys`: in a list of keys.
    void hide_key_sources(Json& object, const std::string& entity, bool of_keys) {
        std::vector<std::string> sources;
        for (const auto& [key, value] : object.items()) {
            const std::string name = config::folded(key);
            if (name == "apikeycommand" || name == "apikeyfile" ||
                (of_keys && (name == "command" || name == "file")))
                sources.push_back(key);
        }
        for (const std::string& source : sources) object.erase(source);
        if (!sources.empty())
            object[of_keys ? "key" : "api_key"] = "${" + fresh_name(entity, "api_key") + "}";
    }

    void hide(Json& value, const std::string& entity, const std::string& field, bool secret) {
        const auto text = value.get<std::string>();
        if (text.empty() || is_variable(text)) return;
        const bool tells = config::without_credentials(text) != text;
        if (secret || tells) value = "${" + variable_for(text, entity, field) + "}";
    }

    std::string variable_for(const std::string& secret, const std::string& entity,
                             const std::string& field) {
        const auto known = known_.find(secret);
        if (known != known_.end()) return known->second;
        return known_[secret] = fresh_name(entity, field);
    }

    std::string fresh_name(const std::string& entity, const std::string& field) {
        std::string base = variable_part(entity.empty() ? field : entity + "_" + field);
        if (base.empty() || (base[0] >= '0' && base[0] <= '9')) base.insert(0, "CCR_");
        std::string name = base;
        for (int number = 2; !taken_.insert(name).second; ++number)
            name = base + "_" + std::to_string(number);
        result_.variables.push_back(name);
        return name;
    }

    // The same key may stand where no name tells of it. Short texts stand everywhere.
    void replace_elsewhere(Json& value) const {
        constexpr std::size_t kShortest = 8;
        if (value.is_structured()) {
            for (Json& each : value) replace_elsewhere(each);
            return;
        }
        if (!value.is_string()) return;
        auto text = value.get<std::string>();
        if (is_variable(text)) return;
        for (const auto& [secret, variable] : known_) {
            if (secret.size() < kShortest) continue;
            const std::string name = "${" + variable + "}";
            for (std::size_t at = text.find(secret); at != std::string::npos;
                 at = text.find(secret, at + name.size()))
                text.replace(at, secret.size(), name);
        }
        value = text;
    }

    Sanitized result_;
    std::set<std::string> taken_;
    std::map<std::string, std::string> known_;  // credential to variable
};

}  // namespace

Sanitized sanitized(const Json& configuration) {
    return Sanitizer(configuration).run(configuration);
}

}  // namespace ccr::manifest
