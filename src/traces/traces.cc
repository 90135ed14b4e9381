#include "traces/traces.h"

#include <utility>

#include "traces/contact_list.h"
#include "traces/readers.h"
#include "traces/trace_mobility.h"

namespace delstep {
namespace {

Result<std::unique_ptr<Mobility>> MakeTrace(const Scenario& scenario) {
  const MobilityOptions& options = scenario.mobility;
  if (options.file.empty())
    return UsageError("mobility.name = 'trace' needs mobility.file",
                      "mobility.file=walk.movements, or a trace of ns-2, SUMO or The ONE, or a "
                      ".csv")
        .About("mobility.name");
  DELSTEP_ASSIGN(Trace trace, ReadTraceFile(options.file, options.format));
  return MakeTraceMobility(std::move(trace), scenario.nodes, options.file);
}

Result<Graph> MakeContacts(const Scenario& scenario, const Mobility&) {
  const std::string& path = scenario.topology.file;
  if (path.empty())
    return UsageError("topology.name = 'contacts' needs topology.file",
                      "topology.file=contacts.csv, with the columns start,end,a,b")
        .About("topology.name");
  DELSTEP_ASSIGN(FileSource file, OpenTrace(path));
  TraceSource source(file);
  DELSTEP_ASSIGN(ContactRows rows, ReadContacts(source, scenario.nodes));
  return GraphOfContacts(std::move(rows), scenario.nodes, path);
}

}  // namespace

void AddTraces(Registry& registry) {
  registry.mobility.Add("trace", "read from mobility.file: ns-2, BonnMotion, SUMO, The ONE, .csv",
                        MakeTrace);
  registry.topologies.Add(
      "contacts", "who is in contact, by topology.file: start,end,a,b .csv, The ONE, SocioPatterns",
      MakeContacts);
}

}  // namespace delstep
