// SPDX-License-Identifier: Apache-2.0
// Beginning of every shader: memory by address, the number of a workgroup.
//
// Conventions. Kernels get addresses (Floats, Ints, ... below) and sizes as push constants: layout(push_constant,
// scalar) uniform Push {...}. Specialisation constant 0 is the workgroup's size (local_size_x_id = 0) unless the shader
// says otherwise; the others number on in the order of Dispatch::constants. No kernel may depend on the subgroup's
// size.
#extension GL_EXT_buffer_reference2 : require
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_control_flow_attributes : enable

layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Floats { float at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 16) buffer Vec4s { vec4 at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Ints { int at[]; };
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Uints { uint at[]; };

// Which workgroup this is of a grid made by groups_over(count). The shader returns when it is >= count.
uint group_number() { return gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x; }

float infinity() { return uintBitsToFloat(0x7F800000u); }
