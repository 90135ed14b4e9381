#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "weights/pickle.h"
#include "weights/tensor_file.h"

namespace delstep {
namespace {

constexpr std::uint64_t kMostPickleBytes = std::uint64_t{64} << 20;
/// Overlapping views may repeat what a file holds, up to this factor and this many numbers more.
constexpr std::uint64_t kMostRepeats = 16, kFreeNumbers = std::uint64_t{1} << 20;
constexpr const char* kDamaged = "the file is damaged: fetch or write it again";

/// The archive "NAME/data.pkl", "NAME/data/0", ...
class PtReader {
 public:
  explicit PtReader(const ZipReader& zip) : zip_(zip) {}

  Result<std::vector<NamedArray>> Read() {
    DELSTEP_TRY(FindFolder());
    DELSTEP_TRY(CheckByteOrder());
    DELSTEP_ASSIGN(const ByteBuffer pickle, ReadShort("data.pkl", kMostPickleBytes));
    DELSTEP_ASSIGN(std::vector<PickledTensor> tensors,
                   ReadPickledTensors(pickle.bytes(), zip_.name() + ": data.pkl"));
    // Counted first, so that a storage goes as soon as its last view has been read.
    for (const PickledTensor& tensor : tensors) ++storages_[tensor.storage].uses;
    std::vector<NamedArray> arrays;
    for (PickledTensor& tensor : tensors) {
      NamedArray& array = arrays.emplace_back();
      DELSTEP_ASSIGN(array.values, Gather(tensor));
      array.name = std::move(tensor.name);
      array.shape = std::move(tensor.size);
      array.dtype = fmt::format("torch.{}", tensor.type.name);
    }
    return arrays;
  }

 private:
  struct Storage {
    std::size_t uses = 0;  // to come
    bool read = false;
    std::string_view type{};
    std::vector<float> numbers{};
  };

  Result<void> FindFolder() {
    for (const ZipEntry& entry : zip_.entries()) {
      const std::size_t slash = entry.name.find('/');
      if (slash == std::string::npos) continue;
      if (folder_.empty()) folder_ = entry.name.substr(0, slash + 1);
      if (entry.name.substr(slash + 1).starts_with("code/"))
        return BadFile(
            fmt::format("'{}' is a TorchScript file: a model, not its weights alone", zip_.name()),
            "train it as it is: model.name=torchscript model.file=FILE; or save its "
            "weights: torch.save(model.state_dict(), FILE)");
    }
    if (!folder_.empty() && zip_.Find(folder_ + "data.pkl")) return {};
    return BadFile(fmt::format("'{}' is a zip file, but none of torch.save()", zip_.name()),
                   "in Python: torch.save(model.state_dict(), FILE)");
  }

  Result<void> CheckByteOrder() {
    if (!zip_.Find(folder_ + "byteorder")) return {};
    DELSTEP_ASSIGN(const ByteBuffer order, ReadShort("byteorder", 64));
    if (order.size() == 6 && order.bytes()[0] == 'l') return {};
    return BadFile(fmt::format("'{}' was written on a big-endian machine", zip_.name()),
                   "load and save it on a little-endian one");
  }

  Result<ByteBuffer> ReadShort(const std::string& name, std::uint64_t most) {
    const ZipEntry& entry = *zip_.Find(folder_ + name);
    if (entry.size > most)
      return BadFile(fmt::format("'{}: {}' is of {}; at most {} are read", zip_.name(), entry.name,
                                 HumanBytes(entry.size), HumanBytes(most)),
                     kDamaged);
    DELSTEP_ASSIGN(const auto source, zip_.Read(entry));
    ByteBuffer content;
    DELSTEP_TRY(Append(*source, entry.size, content));
    return content;
  }

  Result<void> Load(const PickledTensor& tensor, Storage& storage) {
    // Several tensors may be views of one storage: tied weights, slices.
    if (storage.read) {
      if (storage.type == tensor.type.name && storage.numbers.size() == tensor.storage_count)
        return {};
      return Wrong(tensor, "is of a storage that other tensors see differently");
    }
    const ZipEntry* entry = zip_.Find(fmt::format("{}data/{}", folder_, tensor.storage));
    if (!entry)
      return Wrong(tensor, fmt::format("has its numbers in data/{}, which is not there",
                                       NameText(tensor.storage)));
    if (entry->size % tensor.type.size != 0 ||
        entry->size / tensor.type.size != tensor.storage_count)
      return Wrong(
          tensor, fmt::format("has {} in data/{}, and {} are announced", Count(entry->size, "byte"),
                              tensor.storage, Count(tensor.storage_count, "number")));
    DELSTEP_ASSIGN(const auto source, zip_.Read(*entry));
    DELSTEP_ASSIGN(storage.numbers, ReadFloats(*source, tensor.type, tensor.storage_count));
    storage.read = true;
    storage.type = tensor.type.name;
    budget_ += kMostRepeats * tensor.storage_count;
    return {};
  }

  /// How many numbers the view has. Errors: one that leaves its storage, or too many.
  Result<std::uint64_t> CheckView(const PickledTensor& tensor) {
    if (std::ranges::find(tensor.size, 0) != tensor.size.end()) return std::uint64_t{0};
    std::uint64_t count = 1, last = tensor.offset;
    if (last >= tensor.storage_count) return Wrong(tensor, "lies outside of its storage");
    for (std::size_t d = 0; d < tensor.size.size(); ++d) {
      const auto steps = static_cast<std::uint64_t>(tensor.size[d]) - 1;
      const std::uint64_t stride = tensor.stride[d];
      // The place of the last number, by division: a product of hostile sizes may overflow.
      if (stride > 0 && steps > (tensor.storage_count - 1 - last) / stride)
        return Wrong(tensor, "lies outside of its storage");
      last += steps * stride;
      if (steps + 1 > budget_ / count)
        return Wrong(tensor, "repeats what the file holds too many times: save it contiguous");
      count *= steps + 1;
    }
    budget_ -= count;
    return count;
  }

  Result<std::vector<float>> Gather(const PickledTensor& tensor) {
    Storage& storage = storages_[tensor.storage];
    DELSTEP_TRY(Load(tensor, storage));
    DELSTEP_ASSIGN(const std::uint64_t count, CheckView(tensor));
    const bool last_use = --storage.uses == 0;
    std::vector<float> numbers;
    // The usual case: the tensor is its storage, and nothing is copied.
    if (last_use && count == storage.numbers.size() && IsContiguous(tensor)) {
      numbers = std::move(storage.numbers);
    } else {
      numbers = Walk(tensor, storage.numbers, count);
    }
    if (last_use) storages_.erase(tensor.storage);
    return numbers;
  }

  static bool IsContiguous(const PickledTensor& tensor) {
    std::uint64_t stride = 1;
    for (std::size_t d = tensor.size.size(); d-- > 0;) {
      if (tensor.size[d] != 1 && tensor.stride[d] != stride) return false;
      stride *= static_cast<std::uint64_t>(tensor.size[d]);
    }
    return true;
  }

  static std::vector<float> Walk(const PickledTensor& tensor, const std::vector<float>& storage,
                                 std::uint64_t count) {
    std::vector<float> numbers;
    numbers.reserve(count);
    std::vector<std::int64_t> index(tensor.size.size());
    std::uint64_t at = tensor.offset;
    while (numbers.size() < count) {
      numbers.push_back(storage[at]);
      for (std::size_t d = index.size(); d-- > 0;) {
        at += tensor.stride[d];
        if (++index[d] < tensor.size[d]) break;
        at -= tensor.stride[d] * static_cast<std::uint64_t>(tensor.size[d]);
        index[d] = 0;
      }
    }
    return numbers;
  }

  Error Wrong(const PickledTensor& tensor, const std::string& what) const {
    return BadFile(fmt::format("'{}': tensor '{}' {}", zip_.name(), NameText(tensor.name), what),
                   kDamaged);
  }

  const ZipReader& zip_;
  std::string folder_;
  std::map<std::string, Storage> storages_;
  std::uint64_t budget_ = kFreeNumbers;
};

}  // namespace

Result<std::vector<NamedArray>> ReadPt(const ZipReader& zip) { return PtReader(zip).Read(); }

}  // namespace delstep
