/** The control of what stands beside each panel, which every page of pictures has. */
import { type Control, optionOf } from "./control_bar.ts";

export const STRIPS: Control = {
  name: "beside",
  label: "Beside each",
  isLook: true,
  options: [
    { value: "none", label: "Nothing", arguments: {} },
    { value: "profiles", label: "Means and slices", arguments: { strips: true } },
  ],
};

export const hasStrips = ({ beside = "" }: { readonly beside?: string }): boolean =>
  optionOf(STRIPS, { beside })?.arguments.strips === true;
