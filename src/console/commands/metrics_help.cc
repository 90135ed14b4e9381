#include "console/commands/metrics_help.h"

namespace delstep {

std::string MetricsHelp() {
  return R"(metrics of `expect`: METRIC, a comparison (< <= > >= == !=), a number
  test_acc, test_loss     of each node's last test
  train_loss              of each node's last training
  (mean) (min) (max) (std) (p10) (p90)
                          which of the nodes' values; mean without brackets
  consensus_distance      mean squared distance of the models to the mean model
  sent, delivered, lost   messages since the start
  in_flight               messages on the wire now
  bytes                   put on the wire since the start
  cycle, sim_time, nodes  the cycle, the clock in seconds, the number of nodes)";
}

}  // namespace delstep
