// Random requests of Responses and Gemini clients; those of Messages and Chat are in
// request_model_fixture.cpp.
#include <nlohmann/json.hpp>

#include "wire/client_requests_fixture.h"
#include "wire/request_model_fixture.h"

namespace ccr::wire {
namespace {

using json::Random;
using Model = nlohmann::json;

std::string text(Random& r) {
    return Model::parse("\"" + json::random_escaped(r, 10) + "\"").get<std::string>();
}
Model object(Random& r) {
    return Model::parse(json::random_container(r, 2, true));
}
template <typename T>
void maybe(Random& r, Model& body, const char* key, T value) {
    if (r.chance(0.4)) body[key] = value;
}

// --- Responses ---

Model input_part(Random& r) {
    switch (r.below(4)) {
        case 0:
            return {{"type", "input_image"}, {"image_url", "data:image/png;base64,AAAA"}};
        case 1:
            return {{"type", "input_file"},
                    {"filename", "a.pdf"},
                    {"file_data", "data:application/pdf;base64,JVBERi0"}};
        default:
            return {{"type", "input_text"}, {"text", text(r)}};
    }
}

Model input_parts(Random& r) {
    Model out = Model::array();
    for (std::size_t n = 1 + r.below(3); n > 0; --n) out.push_back(input_part(r));
    return out;
}

Model responses_item(Random& r) {
    const std::string id = "call_" + std::to_string(r.below(9));
    switch (r.below(9)) {
        case 0:
            return {{"type", "function_call"},
                    {"call_id", id},
                    {"name", "tool_1"},
                    {"arguments", object(r).dump()}};
        case 1:
            return {{"type", "function_call_output"},
                    {"call_id", id},
                    {"output", r.chance(0.5) ? Model(text(r)) : input_parts(r)}};
        case 2:
            return {{"type", "custom_tool_call"},
                    {"call_id", id},
                    {"name", "apply_patch"},
                    {"input", text(r)}};
        case 3:
            return {{"type", "custom_tool_call_output"}, {"call_id", id}, {"output", text(r)}};
        case 4:
            return {{"type", "reasoning"},
                    {"summary", Model::array({{{"type", "summary_text"}, {"text", text(r)}}})},
                    {"encrypted_content", "c2VhbA"}};
        case 5:
            return {{"type", "message"},
                    {"role", "assistant"},
                    {"content", Model::array({{{"type", "output_text"}, {"text", text(r)}}})}};
        case 6:
            return {{"type", "message"}, {"role", "developer"}, {"content", text(r)}};
        default:
            return {{"type", "message"}, {"role", "user"}, {"content", input_parts(r)}};
    }
}

Model responses_tool(Random& r, std::size_t number) {
    if (r.chance(0.1)) return {{"type", "web_search"}};
    if (r.chance(0.2))
        return {{"type", "custom"}, {"name", "apply_patch"}, {"description", text(r)}};
    Model out{{"type", "function"},
              {"name", "tool_" + std::to_string(number)},
              {"parameters", {{"type", "object"}, {"properties", object(r)}}}};
    maybe(r, out, "description", text(r));
    maybe(r, out, "strict", r.chance(0.5));
    return out;
}

std::string random_responses_request(Random& r) {
    Model body{{"model", "m"}, {"input", Model::array()}};
    body["input"].push_back({{"role", "user"}, {"content", "u" + text(r)}});
    for (std::size_t n = r.below(7); n > 0; --n) body["input"].push_back(responses_item(r));
    for (std::size_t n = r.below(4); n > 0; --n) body["tools"].push_back(responses_tool(r, n));
    maybe(r, body, "instructions", text(r));
    maybe(r, body, "max_output_tokens", 1 + r.below(1000));
    maybe(r, body, "temperature", 1.5);
    maybe(r, body, "reasoning",
          Model{{"effort", r.pick(std::array{"none", "minimal", "low", "high", "xhigh"})},
                {"summary", "auto"}});
    maybe(r, body, "text",
          Model{{"verbosity", "low"},
                {"format", {{"type", "json_schema"}, {"name", "n"}, {"schema", object(r)}}}});
    maybe(r, body, "prompt_cache_key", "k");
    maybe(r, body, "parallel_tool_calls", r.chance(0.5));
    maybe(r, body, "tool_choice", r.chance(0.5) ? "required" : "auto");
    return body.dump();
}

// --- Gemini ---

void maybe_signed(Random& r, Model& part) {
    if (r.chance(0.3)) part["thoughtSignature"] = "c2ln";
}

Model model_part(Random& r) {
    Model out{{"text", text(r)}};
    const std::size_t kind = r.below(5);
    if (kind == 0) out["thought"] = true;
    // Google's servers, and so its clients, name every function.
    if (kind == 1) out = {{"functionCall", {{"name", "tool_1"}, {"args", object(r)}}}};
    if (kind == 1 && r.chance(0.5))
        out["functionCall"]["id"] = "call_" + std::to_string(r.below(9));
    if (kind == 2) out = {{"executableCode", {{"language", "PYTHON"}, {"code", "x = 1"}}}};
    maybe_signed(r, out);
    return out;
}

Model user_part(Random& r) {
    switch (r.below(5)) {
        case 0:
            return {{"inlineData", {{"mimeType", "image/png"}, {"data", "AAAA"}}}};
        case 1:
            return {{"fileData",
                     {{"mimeType", "application/pdf"}, {"fileUri", "https://e.org/a.pdf"}}}};
        case 2: {
            Model out{{"name", "tool_1"}, {"response", object(r)}};
            if (r.chance(0.5)) out["response"] = {{"output", text(r)}};
            if (r.chance(0.2)) out["response"] = {{"error", text(r)}};
            if (r.chance(0.3))
                out["parts"] =
                    Model::array({{{"inlineData", {{"mimeType", "image/png"}, {"data", "AAAA"}}}}});
            if (r.chance(0.5)) out["id"] = "call_" + std::to_string(r.below(9));
            return {{"functionResponse", out}};
        }
        default:
            return {{"text", text(r)}};
    }
}

Model gemini_tool(Random& r, std::size_t number) {
    if (r.chance(0.2)) return {{"googleSearch", Model::object()}};
    Model functions = Model::array();
    for (std::size_t n = 1 + r.below(3); n > 0; --n) {
        const bool google = r.chance(0.5);
        Model one{{"name", "tool_" + std::to_string(10 * number + n)},
                  {google ? "parameters" : "parametersJsonSchema",
                   {{"type", google ? "OBJECT" : "object"}, {"properties", object(r)}}}};
        maybe(r, one, "description", text(r));
        functions.push_back(std::move(one));
    }
    return {{"functionDeclarations", std::move(functions)}};
}

Model gemini_config(Random& r) {
    Model out = Model::object();
    maybe(r, out, "maxOutputTokens", 1 + r.below(1000));
    maybe(r, out, "temperature", 1.5);
    maybe(r, out, "topK", 64);
    maybe(r, out, "stopSequences", Model::array({"x"}));
    maybe(r, out, "seed", 7);
    maybe(r, out, "thinkingConfig",
          r.chance(0.5) ? Model{{"thinkingBudget", static_cast<int>(r.below(9000)) - 1}}
                        : Model{{"thinkingLevel", "HIGH"}, {"includeThoughts", true}});
    if (r.chance(0.3)) {
        out["responseMimeType"] = "application/json";
        maybe(r, out, "responseSchema", Model{{"type", "OBJECT"}, {"properties", object(r)}});
    }
    return out;
}

std::string random_gemini_request(Random& r) {
    Model body{{"contents", Model::array()}};
    for (std::size_t n = 1 + r.below(5); n > 0; --n) {
        const bool model = !body["contents"].empty() && r.chance(0.5);
        Model content{{"role", model ? "model" : "user"}, {"parts", Model::array()}};
        for (std::size_t m = 1 + r.below(3); m > 0; --m)
            content["parts"].push_back(model ? model_part(r) : user_part(r));
        body["contents"].push_back(std::move(content));
    }
    maybe(r, body, "systemInstruction", Model{{"parts", Model::array({{{"text", text(r)}}})}});
    maybe(r, body, "generationConfig", gemini_config(r));
    maybe(r, body, "safetySettings", Model::array());
    for (std::size_t n = r.below(3); n > 0; --n) body["tools"].push_back(gemini_tool(r, n));
    maybe(r, body, "toolConfig", Model{{"functionCallingConfig", {{"mode", "ANY"}}}});
    return body.dump();
}

}  // namespace

std::string random_request(Protocol protocol, Random& r) {
    switch (protocol) {
        case Protocol::anthropic:
            return random_messages_request(r);
        case Protocol::openai_chat:
            return random_chat_request(r);
        case Protocol::openai_responses:
            return random_responses_request(r);
        case Protocol::gemini:
            break;
    }
    return random_gemini_request(r);
}

}  // namespace ccr::wire
