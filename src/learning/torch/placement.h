#pragma once
/// Where nets compute: in main memory on the rows themselves, or on a device with memory of its
/// own, to and from which rows are copied. docs/internals/torch.md says how and why.
#include <c10/core/Device.h>

#include <cstddef>
#include <string>

#include "delstep/result.h"
#include "delstep/scenario.h"
#include "math/kernels.h"

namespace delstep {

/// The default is the CPU, in place.
struct Placement {
  c10::Device device{c10::DeviceType::CPU};
  /// Examples are copied to the device once, rows to it before a job and back after it. Needed
  /// where the device has memory of its own. With the CPU as the device the results have the bits of
  /// the way without copies: so tests try this way on any machine.
  bool copies = false;
  /// What updates rows where they lie. Null: the kernels of the processor.
  const Kernels* kernels = nullptr;
  /// Rows that are on the device at the same time, in bytes; at least those of one job.
  std::size_t block_bytes = std::size_t{256} << 20;
};

/// The devices other than the CPU.
struct Devices {
  int count = 0;        ///< cuda:0 to cuda:count-1
  std::string version;  ///< of CUDA: "11.8"; empty: there are none
  Error absence;        ///< why there are none, and what to do; of no meaning where there are
};
/// Asks LibTorch. The first call may take a second where there is a device.
Devices FindDevices();
/// "cuda:0, cuda:1".
std::string NamesOf(const Devices& devices);

/// What `training.device` asks for. Changes nothing. Errors: kUnavailable where the device is not
/// there, with the reason and those that are; kUsage for a name that is no device, and together with
/// `portable`, which promises bits that no device has.
Result<Placement> ChoosePlacement(const Scenario& scenario, const Devices& devices);

/// Makes LibTorch, in this process, take the algorithm that repeats wherever an operation has one,
/// and compute in whole float32. An operation that has none is told by a warning. For devices only:
/// on the CPU, with one thread, every algorithm repeats.
void ComputeRepeatably();

}  // namespace delstep
