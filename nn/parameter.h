// SPDX-License-Identifier: Apache-2.0
// Parameters and where they live: named tensors, each trained or frozen.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "autograd/variable.h"
#include "nn/mode.h"

namespace thaw {

class Init;
struct AttentionPrefix;
struct CompressedWeight;
struct Product;
struct SoftPrompt;

// A handle: modules, the store and the optimizer share what it points to. Ties are the same Parameter in two places.
// To ask an undefined one for anything but defined() and same() is an error.
class Parameter {
 public:
  Parameter() = default;
  bool defined() const { return data_ != nullptr; }
  const std::string& name() const { return known("name").name; }
  // What it is called, too, as a part of other modules that share it. Rules over names (nn/matching.h) are about these
  // as about its own.
  const std::vector<std::string>& other_names() const { return known("other_names").other_names; }
  void also_call(const std::string& other_name) const;
  const Tensor& value() const { return known("value").variable.value(); }
  const Variable& variable() const { return known("variable").variable; }
  // As a function's argument; an undefined parameter is an undefined variable ("no bias").
  operator const Variable&() const {
    static const Variable none;
    return data_ ? data_->variable : none;
  }
  bool frozen() const { return !known("frozen").variable.tracked(); }
  // If only some rows are trained: those.
  const std::optional<RowRanges>& trained_rows() const { return known("trained_rows").rows; }
  bool same(const Parameter& other) const { return data_ == other.data_; }

  // Freezing never copies the value. `freeze` drops the gradient.
  void freeze() const;
  void train() const;
  // Only those rows: the gradient has no others, nor has what optimizers keep.
  void train_rows(const RowRanges& rows) const;
  void train_rows(int64_t begin, int64_t end) const { train_rows(RowRanges(begin, end)); }
  // Keeps a frozen value in fewer bytes (autograd/compressed_weight.h): value() is then what stands for its numbers, of
  // another type, which products know to read (nn/freeze/compress_frozen.h). It cannot be trained until it is
  // expanded: then it has the rounded numbers. std::invalid_argument: it is trained, or masked.
  void compress(CompressedWeight kept) const;
  void expand() const;
  const CompressedWeight* compressed() const { return known("compressed").compressed.get(); }  // null: it is not
  // It has other numbers than the base model's: trained (an optimizer stepped it), or read from a change of the base.
  void mark_changed() const;  // the rows that are trained now, or all of it
  void mark_changed_rows(const RowRanges& rows) const;
  struct Changed {
    bool whole = false;
    RowRanges rows = {};
    bool any() const { return whole || !rows.empty(); }
  };
  const Changed& changed() const { return known("changed").changed; }
  void set_changed(Changed changed) const;  // as it was: the numbers of then were put back
  // Element mask: for each number of the value, row-major, 1 if it is trained, else 0. It multiplies the gradient at
  // the leaf, and optimizers leave what it masks as it is (weight decay too). It saves neither time nor memory. Empty:
  // no mask.
  void set_element_mask(std::vector<uint8_t> trained) const;
  // It as a tensor of the value's shape and type; undefined if there is none.
  const Tensor& element_mask() const { return known("element_mask").mask; }
  const std::vector<uint8_t>& trained_elements() const { return known("trained_elements").elements; }
  // How many of its numbers are trained: those of its trained rows that no mask holds still.
  int64_t trained_numbers() const;

 private:
  friend class ParameterStore;
  struct Data {
    std::string name;
    Variable variable;
    std::optional<RowRanges> rows;
    Tensor mask;
    std::vector<uint8_t> elements;  // the mask on the host
    std::vector<std::string> other_names;
    Changed changed = {};
    std::shared_ptr<const CompressedWeight> compressed = {};
  };
  Data& known(const char* what) const {
    if (!data_) [[unlikely]]
      undefined(what);
    return *data_;
  }
  [[noreturn]] static void undefined(const char* what);
  explicit Parameter(std::shared_ptr<Data> data) : data_(std::move(data)) {}
  std::shared_ptr<Data> data_;
};

// Where parameters get their first values from: a checkpoint.
class TensorSource {
 public:
  virtual ~TensorSource() = default;
  // The tensor for parameter `name` on `device` as `dtype`; nullopt if there is none. Throws if its shape is not
  // `shape`.
  virtual std::optional<Tensor> load(const std::string& name, const Shape& shape, DType dtype, Device device) = 0;
};

class ParameterStore {
 public:
  // dtype: f32, or f64 on the reference device. seed: of the initialisers; each parameter draws from a stream named by
  // its own name, so that the values do not depend on the order of construction.
  explicit ParameterStore(Device device, DType dtype = DType::f32, uint64_t seed = 0);
  ParameterStore(const ParameterStore&) = delete;
  ParameterStore& operator=(const ParameterStore&) = delete;

  // See Scope::parameter. A name that there is already is an error: see shared().
  Parameter parameter(const std::string& name, const Shape& shape, const Init& init);
  // The parameter of that name and shape once more, for another module: a tie. An error if there is none.
  Parameter shared(const std::string& name, const Shape& shape) const;
  Parameter find(const std::string& name) const;                     // undefined if there is none
  const std::vector<Parameter>& all() const { return parameters_; }  // in order of construction
  std::vector<Parameter> trained() const;
  bool any_trained(const std::string& path) const;  // any parameter of that name or below it ("": of all)?
  // Another number whenever values of such parameters were written, or parameters came or went: it grows.
  uint64_t written(const std::string& path) const;

  // Takes a parameter out again: an adapter. An error if there is none of that name.
  void remove(const std::string& name);
  // One that was taken out. An error if there is one of its name.
  void put_back(const Parameter& removed);

  // The products with parameters, in order of construction (nn/product.h): what rules put adapters on.
  void add_product(std::shared_ptr<Product> product) { products_.push_back(std::move(product)); }
  const std::vector<std::shared_ptr<Product>>& products() const { return products_; }
  // The places of soft prompts (nn/soft_prompt.h).
  void add_soft_prompt(std::shared_ptr<SoftPrompt> prompt) { soft_prompts_.push_back(std::move(prompt)); }
  const std::vector<std::shared_ptr<SoftPrompt>>& soft_prompts() const { return soft_prompts_; }
  // The self-attentions, in order of construction (nn/attention_prefix.h): where a prefix can stand.
  void add_attention_prefix(std::shared_ptr<AttentionPrefix> prefix) {
    attention_prefixes_.push_back(std::move(prefix));
  }
  const std::vector<std::shared_ptr<AttentionPrefix>>& attention_prefixes() const { return attention_prefixes_; }
  // Paths of modules that are made for a task, and are trained with whatever else is: heads.
  void name_head(const std::string& path) { heads_.push_back(path); }
  const std::vector<std::string>& heads() const { return heads_; }
  // What the source did not have was read from somewhere else.
  void mark_loaded(const std::string& name) { std::erase(initialised_, name); }
  // From now on it counts as new and as changed what the other has as such, and as heads what is one there: the store
  // of a twin.
  void take_origins(const ParameterStore& like);

  void set_source(TensorSource* source) { source_ = source; }  // not owned; null: initialise everything
  const std::vector<std::string>& initialised() const { return initialised_; }  // names that the source did not have
  // Did the source have others?
  bool new_in_part() const { return !initialised_.empty() && loaded_ > 0; }
  Device device() const { return device_; }
  DType dtype() const { return dtype_; }
  Mode& mode() const { return *mode_; }
  uint64_t seed() const { return seed_; }
  uint64_t number() const { return number_; }  // no other store of this process has or had it

 private:
  std::vector<Parameter> below(const std::string& path) const;

  Device device_;
  DType dtype_;
  uint64_t seed_;
  uint64_t number_;
  std::unique_ptr<Mode> mode_;  // modules keep its address
  TensorSource* source_ = nullptr;
  std::vector<Parameter> parameters_;
  std::map<std::string, size_t> index_;
  uint64_t came_and_went_ = 0;  // parameters
  std::vector<std::string> initialised_;
  int64_t loaded_ = 0;  // from sources
  std::vector<std::shared_ptr<Product>> products_;
  std::vector<std::shared_ptr<SoftPrompt>> soft_prompts_;
  std::vector<std::shared_ptr<AttentionPrefix>> attention_prefixes_;
  std::vector<std::string> heads_;
};

}  // namespace thaw
