'use strict';

// forThisServer makes the API description one of the embedded server, of which it
// knows nothing. Swagger UI fills in the first example of each parameter: for
// optional ones, which are better left out at first, it has none any more, and of
// the users the first is one who exists here.
function forThisServer(spec) {
  const parameters = {};
  for (const [name, { example, examples, ...parameter }] of Object.entries(spec.components.parameters)) {
    if (parameter.required) {
      if (example) parameter.example = example;
      if (examples) parameter.examples = 'self' in examples ? examples : { login: examples.login, ...examples };
    }
    parameters[name] = parameter;
  }
  return {
    ...spec,
    servers: [{ url: '/api', description: 'The embedded server' }],
    components: { ...spec.components, parameters },
  };
}

// authorizeOne forgets who was authorized before: Swagger UI would send the
// credentials of all, and Cyclos refuses a request with more than one kind.
const authorizeOne = (authorize, { authActions, authSelectors }) => (given) => {
  const others = authSelectors.authorized().keySeq().filter((name) => !(name in given)).toJS();
  if (others.length > 0) authActions.logout(others);
  return authorize(given);
};

// focusFirst keeps the dialog from opening at its end: in Swagger UI each of its
// fields asks for the focus, and the last one gets it.
const focusFirst = (Input, { React }) => (props) =>
  React.createElement(Input, { ...props, autoFocus: props.id === 'auth_username' });

SwaggerUIBundle({
  dom_id: '#page',
  url: 'openapi.yaml',
  plugins: [{
    wrapComponents: { Input: focusFirst },
    statePlugins: {
      spec: { wrapActions: { updateJsonSpec: (update) => (spec) => update(forThisServer(spec)) } },
      auth: { wrapActions: { authorize: authorizeOne } },
    },
  }],
  validatorUrl: null,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayOperationId: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
});
