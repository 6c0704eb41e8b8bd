#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset vertex() {
    config::Preset p;
    p.name = "vertex";
    p.title = "Google Vertex AI";
    p.sources = {
        "https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude",
        "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/gemini/2-5-pro"};
    p.hosts = {"*.aiplatform.googleapis.com", "aiplatform.googleapis.com"};
    p.wires = {{Protocol::gemini, ""}};
    model(p, "gemini-2.5-pro").context_window = 1'048'576;
    model(p, "gemini-2.5-pro").max_output = 65'535;
    p.quirks = {"`vertex` in the provider names project, location and credentials."};
    return p;
}

}  // namespace ccr::adapt::presets
