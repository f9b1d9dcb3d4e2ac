// SPDX-License-Identifier: Apache-2.0
// Parameters change between trained and frozen by exchanging their variable: a leaf, or a constant.
#include "nn/parameter.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "autograd/compressed_weight.h"
#include "nn/init.h"
#include "tensor/check.h"

namespace thaw {
namespace {

void check_may_train(const Parameter& parameter) {
  check(!parameter.compressed(), "{} is kept as {}: it must be expanded before it can be trained", parameter.name(),
        kept_as(parameter.compressed()));
}

}  // namespace

void Parameter::undefined(const char* what) {
  throw std::invalid_argument(fmt::format("{}: the parameter is undefined (of a module made without a scope?)", what));
}

void Parameter::also_call(const std::string& other_name) const {
  std::vector<std::string>& names = known("also_call").other_names;
  if (std::ranges::find(names, other_name) == names.end() && other_name != name()) names.push_back(other_name);
}

void Parameter::freeze() const {
  known("freeze");
  data_->variable = data_->variable.detach();
  data_->rows.reset();
}

void Parameter::train() const {
  if (known("train").variable.tracked() && !data_->rows) return;
  check_may_train(*this);
  data_->variable = Variable::leaf(value(), name());
  data_->rows.reset();
  if (data_->mask.defined()) data_->variable.set_grad_mask(data_->mask);
}

void Parameter::train_rows(const RowRanges& rows) const {
  known("train_rows");
  check(!rows.empty(), "{} {}: no rows to train", name(), value().shape());
  check(value().rank() > 0 && rows.end() <= value().size(0), "{} {}: rows {} are not in it", name(), value().shape(),
        rows.to_text());
  if (data_->rows == rows) return;
  check_may_train(*this);
  data_->variable = Variable::leaf(value(), name(), rows);
  data_->rows = rows;
  if (data_->mask.defined()) data_->variable.set_grad_mask(data_->mask);
}

void Parameter::compress(CompressedWeight kept) const {
  check(known("compress").elements.empty() && frozen(), "{}: only what is frozen as a whole can be compressed", name());
  check(!data_->compressed, "{}: is compressed already", name());
  check(kept.numbers.defined() && kept.numbers.shape() == value().shape(), "{} {}: compressed to another shape", name(),
        value().shape());
  kept.numbers.view().block->version = value().view().block->version + 1;  // whoever looks for writes sees one
  data_->variable = Variable(kept.numbers);
  data_->compressed = std::make_shared<const CompressedWeight>(std::move(kept));
}

void Parameter::expand() const {
  if (!known("expand").compressed) return;
  const Tensor whole = data_->compressed->expanded();
  whole.view().block->version = value().view().block->version + 1;
  data_->variable = Variable(whole);
  data_->compressed.reset();
}

void Parameter::mark_changed() const {
  if (known("mark_changed").rows) return mark_changed_rows(*data_->rows);
  data_->changed.whole = true;
}

void Parameter::mark_changed_rows(const RowRanges& rows) const {
  RowRanges& before = known("mark_changed_rows").changed.rows;
  if (before == rows) return;
  std::vector<RowRanges::Range> both = before.ranges();
  both.insert(both.end(), rows.ranges().begin(), rows.ranges().end());
  before = RowRanges(std::move(both));
}

void Parameter::set_changed(Changed changed) const { known("set_changed").changed = std::move(changed); }

void Parameter::set_element_mask(std::vector<uint8_t> trained) const {
  known("set_element_mask");
  if (trained == data_->elements) return;
  check(trained.empty() || std::ssize(trained) == value().numel(), "{} {}: an element mask of {} numbers", name(),
        value().shape(), trained.size());
  const auto odd = std::ranges::find_if(trained, [](uint8_t element) { return element > 1; });
  check(odd == trained.end(), "{}: its element mask holds a {} at place {}: expected 0 or 1", name(),
        odd == trained.end() ? 0 : *odd, odd - trained.begin());
  data_->mask = {};
  if (!trained.empty()) {
    const std::vector<float> factors(trained.begin(), trained.end());
    data_->mask = Tensor::from_host(factors, value().shape(), value().device(), value().dtype());
  }
  data_->elements = std::move(trained);
  if (!frozen()) data_->variable.set_grad_mask(data_->mask);
}

int64_t Parameter::trained_numbers() const {
  if (frozen()) return 0;
  const std::vector<uint8_t>& elements = data_->elements;
  if (!data_->rows) return elements.empty() ? value().numel() : std::ranges::count(elements, 1);
  const int64_t width = value().numel() / value().size(0);
  if (elements.empty()) return data_->rows->count() * width;
  int64_t ones = 0;
  for (const RowRanges::Range& range : data_->rows->ranges())
    ones += std::count(elements.begin() + range.begin * width, elements.begin() + range.end * width, 1);
  return ones;
}

namespace {

uint64_t next_number() {
  static std::atomic<uint64_t> last = 0;
  return ++last;
}

}  // namespace

ParameterStore::ParameterStore(Device device, DType dtype, uint64_t seed)
    : device_(device), dtype_(dtype), seed_(seed), number_(next_number()), mode_(std::make_unique<Mode>()) {
  check(device.defined() && device.backend().supports(dtype), "parameters: {} cannot hold {}",
        device.defined() ? device.name() : "no device", name_of(dtype));
}

Parameter ParameterStore::parameter(const std::string& name, const Shape& shape, const Init& init) {
  check(!index_.contains(name), "{}: there is a parameter of that name; modules share one by Scope::shared", name);
  std::optional<Tensor> value;
  if (source_) value = source_->load(name, shape, dtype_, device_);
  if (!value) {
    value = Tensor::from_host(init.values(shape, seed_, name), shape, device_, dtype_);
    if (source_) initialised_.push_back(name);
  } else {
    ++loaded_;
  }
  const Parameter made(
      std::make_shared<Parameter::Data>(Parameter::Data{name, Variable::leaf(*value, name), {}, {}, {}, {}}));
  index_.emplace(name, parameters_.size());
  parameters_.push_back(made);
  ++came_and_went_;
  return made;
}

Parameter ParameterStore::shared(const std::string& name, const Shape& shape) const {
  const Parameter found = find(name);
  check(found.defined(), "{}: there is no parameter of that name to share", name);
  check(found.value().shape() == shape, "{}: asked for as {}, but it is {}", name, shape, found.value().shape());
  return found;
}

Parameter ParameterStore::find(const std::string& name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? Parameter() : parameters_[found->second];
}

void ParameterStore::remove(const std::string& name) {
  const auto found = index_.find(name);
  check(found != index_.end(), "{}: there is no parameter of that name to remove", name);
  const size_t place = found->second;
  index_.erase(found);
  parameters_.erase(parameters_.begin() + static_cast<ptrdiff_t>(place));
  for (auto& [other, index] : index_)
    if (index > place) --index;
  ++came_and_went_;
}

void ParameterStore::put_back(const Parameter& removed) {
  const std::string& name = removed.name();
  check(!index_.contains(name), "{}: there is a parameter of that name", name);
  index_.emplace(name, parameters_.size());
  parameters_.push_back(removed);
  ++came_and_went_;
}

void ParameterStore::take_origins(const ParameterStore& like) {
  initialised_ = like.initialised_;
  loaded_ = like.loaded_;
  heads_ = like.heads_;
  for (const Parameter& other : like.all()) {
    const Parameter own = find(other.name());
    if (!own.defined()) continue;
    if (other.changed().whole) own.mark_changed();
    if (!other.changed().rows.empty()) own.mark_changed_rows(other.changed().rows);
  }
}

std::vector<Parameter> ParameterStore::trained() const {
  std::vector<Parameter> found;
  for (const Parameter& p : parameters_)
    if (!p.frozen()) found.push_back(p);
  return found;
}

std::vector<Parameter> ParameterStore::below(const std::string& path) const {
  std::vector<Parameter> found;
  for (auto it = index_.lower_bound(path); it != index_.end() && it->first.starts_with(path); ++it)
    if (path.empty() || it->first.size() == path.size() || it->first[path.size()] == '.')
      found.push_back(parameters_[it->second]);
  return found;
}

bool ParameterStore::any_trained(const std::string& path) const {
  return std::ranges::any_of(below(path), [](const Parameter& parameter) { return !parameter.frozen(); });
}

uint64_t ParameterStore::written(const std::string& path) const {
  uint64_t times = came_and_went_ << 40;  // values of another parameter were written as often, maybe
  for (const Parameter& parameter : below(path)) times += parameter.variable().value().view().block->version;
  return times;
}

}  // namespace thaw
