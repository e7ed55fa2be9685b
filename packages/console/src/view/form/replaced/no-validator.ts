// Stands where the form library has its own validator, which makes code from text; see form-validator.
export default undefined;
