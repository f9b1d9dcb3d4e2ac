// SPDX-License-Identifier: Apache-2.0
// Paths of names.
#include "nn/scope.h"

namespace thaw {

Scope Scope::operator/(const std::string& name) const {
  if (name.empty()) return *this;
  return Scope(*store_, path_.empty() ? name : path_ + "." + name);
}

Parameter Scope::parameter(const std::string& name, const Shape& shape, const Init& init) const {
  return store_->parameter((*this / name).path(), shape, init);
}

Parameter Scope::shared(const std::string& name, const Shape& shape) const {
  return store_->shared((*this / name).path(), shape);
}

Mode& Scope::mode() const { return store_->mode(); }

bool Scope::any_trained() const { return store_->any_trained(path_); }

}  // namespace thaw
