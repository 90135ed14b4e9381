#pragma once
/// The pickle that torch.save writes (Python's pickletools describes the opcodes, protocols 2 to
/// 5), read by an interpreter that knows numbers, texts, lists, tuples, dictionaries and tensors
/// and nothing else. There is no call in it: the few names that it accepts are rules for making one
/// of these values, and any other name ends the reading.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "delstep/result.h"
#include "weights/number_type.h"

namespace delstep {

/// A view of a storage, as the file claims it: nothing is checked but that the numbers are not
/// negative and size and stride have the same length, of at most 64.
struct PickledTensor {
  std::string name;
  std::string storage;                ///< the key: the numbers lie in the entry data/KEY
  NumberType type;                    ///< of the storage's numbers
  std::uint64_t storage_count = 0;    ///< numbers in the storage
  std::uint64_t offset = 0;           ///< of the first number
  std::vector<std::int64_t> size;     ///< the shape
  std::vector<std::uint64_t> stride;  ///< in numbers
};

/// The tensors of the dictionary that is pickled, or of the one it holds as "state_dict",
/// "model_state_dict" or "model". `name` is what messages call the pickle.
/// Errors (kFile): a name that is not accepted, which the message tells; no such dictionary; a
/// damaged pickle; more than 2^20 values.
Result<std::vector<PickledTensor>> ReadPickledTensors(std::span<const std::uint8_t> pickle,
                                                      const std::string& name);

}  // namespace delstep
