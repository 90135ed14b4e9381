#pragma once
/// Tensors in files of three formats: safetensors, NumPy's npz and PyTorch's .pt.
#include <ostream>
#include <span>
#include <vector>

#include "archive/byte_source.h"
#include "archive/zip.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/tensor_file.h"

namespace delstep {

/// The formats by the endings ".safetensors", ".npz", ".pt" and ".pth"; ".ckpt", ".bin" and
/// ".pth.tar", as other programs call PyTorch's files, are read as well.
void AddTensorFormats(Parts<ReadTensors>& readers, Parts<WriteTensors>& writers);

/// safetensors (github.com/huggingface/safetensors, "Format"): the length of a JSON header in 8
/// bytes, the header, the numbers. `__metadata__` is passed over. The numbers of all tensors must
/// fill the file without gaps or overlaps.
Result<std::vector<NamedArray>> ReadSafetensors(ByteSource& source);
void WriteSafetensors(std::ostream& out, std::span<const NamedArrayView> tensors);

/// numpy.savez: an entry NAME.npy a tensor.
Result<std::vector<NamedArray>> ReadNpzTensors(const ZipReader& zip);
void WriteNpzTensors(std::ostream& out, std::span<const NamedArrayView> tensors);

/// torch.save of a dict or OrderedDict of tensors (a state_dict), or of a dict that holds one: as
/// "state_dict", "model_state_dict" or "model", or as the only one under any key, perhaps in one
/// more dict between. What else lies in the dict, an optimizer's state above all, is passed over.
/// Several such dicts are an error that names their keys. Python objects are read by the
/// interpreter of weights/pickle.h, which knows tensors and nothing else.
Result<std::vector<NamedArray>> ReadPt(const ZipReader& zip);
/// A dict of tensors, as torch.load(FILE, weights_only=True) reads it.
void WritePt(std::ostream& out, std::span<const NamedArrayView> tensors);

}  // namespace delstep
