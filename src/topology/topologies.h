#pragma once
/// This folder's entries in the registry.
#include "delstep/registry.h"

namespace delstep {

/// `full`, `ring`, `star`, `line`, `grid`, `torus`, `regular`, `small-world`, `scale-free`,
/// `random`, `geometric`, `radio`, `file`. The random ones draw from (seed, Purpose::kTopology).
/// `geometric` and `radio` ask the mobility where nodes are; the graph of `radio` has edges at time
/// 0 and the contacts that follow (mobility/radio_contacts.h). Errors: a value that allows no such graph is kUsage and names the key, the value and what is allowed; of
/// `file`, see graph_files.h.
void AddTopologies(Parts<MakeTopology>& topologies);

/// `.edges`, `.txt` (edge list), `.json` (node-link), `.graphml`, `.gml`, `.dot`.
void AddGraphWriters(Parts<WriteGraph>& writers);

}  // namespace delstep
