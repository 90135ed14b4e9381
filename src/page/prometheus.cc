#include "page/prometheus.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/text.h"

namespace delstep {
namespace {

void AddMetric(std::string& text, std::string_view name, std::string_view kind,
               std::string_view help) {
  text += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, kind);
}

/// Scopes may have names of groups in them.
std::string LabelValue(const std::string& value) {
  std::string safe;
  for (const char c : value) {
    if (c == '"' || c == '\\') safe += '\\';
    safe += c == '\n' ? ' ' : c;
  }
  return safe;
}

}  // namespace

std::string PrometheusText(const MomentFacts& facts, const Moments& moments, std::size_t streams) {
  std::string text;
  const auto up = std::ranges::count_if(facts.nodes, &NodeView::up);
  AddMetric(text, "delstep_nodes", "gauge", "Nodes that are present.");
  text += fmt::format("delstep_nodes{{state=\"up\"}} {}\ndelstep_nodes{{state=\"down\"}} {}\n", up,
                      facts.nodes.size() - static_cast<std::size_t>(up));
  AddMetric(text, "delstep_moments", "gauge", "Moments that are listed.");
  text += fmt::format("delstep_moments {}\n", moments.all().size());
  AddMetric(text, "delstep_page_streams", "gauge", "Pages that listen.");
  text += fmt::format("delstep_page_streams {}\n", streams);
  AddMetric(text, "delstep_clock_seconds", "gauge", "The simulated clock.");
  text += fmt::format("delstep_clock_seconds {}\n", ShortestReal(Seconds(facts.now)));
  AddMetric(text, "delstep_messages", "gauge", "Messages since the start, by what became of them.");
  const TrafficCounts& counts = facts.traffic;
  for (const auto& [outcome, count] :
       {std::pair{"sent", counts.sent}, std::pair{"delivered", counts.delivered},
        std::pair{"lost", counts.lost}, std::pair{"in_flight", counts.in_flight},
        std::pair{"queued", counts.queued}})
    text += fmt::format("delstep_messages{{outcome=\"{}\"}} {}\n", outcome, count);
  AddMetric(text, "delstep_bytes", "gauge", "Bytes put on the wire.");
  text += fmt::format("delstep_bytes {}\n", counts.bytes);
  std::map<std::string, std::vector<double>> accuracies;
  for (const NodeView& node : facts.nodes)
    for (const Evaluated& test : node.last_tests)
      accuracies[Name(test.scope)].push_back(test.accuracy);
  AddMetric(text, "delstep_accuracy", "gauge", "Mean accuracy of the nodes' last tests.");
  for (const auto& [scope, values] : accuracies) {
    double sum = 0;
    for (const double value : values) sum += value;
    text += fmt::format("delstep_accuracy{{scope=\"{}\"}} {}\n", LabelValue(scope),
                        ShortestReal(sum / static_cast<double>(values.size())));
  }
  return text;
}

}  // namespace delstep
